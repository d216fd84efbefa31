"""Data directories whose servers are gone when the test is over."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.embedded.datadir import DataDir, open_data_dir
from core.embedded.services import Services


@contextmanager
def data_dir(path: Path) -> Iterator[DataDir]:
    """A data directory with no service configured elsewhere."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DATABASE_URL", "REDIS_URL", "CRM_SECRET_KEY"):
            patch.setenv(name, "")  # remembered, so that what a test sets is undone
            patch.delenv(name)
        services = Services(open_data_dir(path))
        yield services.data
        for service in services.wanted.values():
            service.discard()


@pytest.fixture
def data(tmp_path: Path) -> Iterator[DataDir]:
    """One that nobody has used."""
    with data_dir(tmp_path / "data") as directory:
        yield directory


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DataDir]:
    """One for all tests of a file: whoever starts on it first makes its database."""
    with data_dir(tmp_path_factory.mktemp("used") / "data") as directory:
        yield directory
