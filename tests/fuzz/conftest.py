"""The product, started as operators start it, for requests that nobody would think of.

`bin/test -m fuzz -n 0`. How long: CRM_FUZZ_MINUTES (3.5); every operation is tried at least once.
Which requests: CRM_FUZZ_SEED (1).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.embedded.datadir import open_data_dir
from core.embedded.services import Services
from tests.started import Run

CRON_TOKEN = "a token for the scheduler outside"
START = 24 * 3600  # seconds that the product may live
UNLIMITED = {"CRM_LOGIN_TRIES_PER_MINUTE": "1000000", "CRM_CRON_TOKEN": CRON_TOKEN}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.fuzz)


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a product of its own, with the demo tenants."""
    data = open_data_dir(tmp_path_factory.mktemp("product") / "data")
    run = Run(data, demo=True, seconds=START, **UNLIMITED)
    yield run.url
    run.close()
    for service in Services(data).wanted.values():
        service.discard()
