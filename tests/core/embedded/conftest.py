"""Data directories whose servers are gone when the test is over."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.embedded.datadir import DataDir, open_data_dir
from core.embedded.services import Services


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DataDir]:
    """A data directory with no service configured elsewhere."""
    for name in ("DATABASE_URL", "REDIS_URL", "CRM_SECRET_KEY"):
        monkeypatch.setenv(name, "")  # remembered, so that what a test sets is undone
        monkeypatch.delenv(name)
    services = Services(open_data_dir(tmp_path / "data"))
    yield services.data
    for service in services.wanted.values():
        service.discard()
