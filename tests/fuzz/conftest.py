"""The product, started as operators start it, for requests that nobody would think of.

`bin/test -m fuzz -n 0`. How long: CRM_FUZZ_MINUTES (3.5); every operation is tried at least once.
Which requests: CRM_FUZZ_SEED (1).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.started import product_with_demo

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
    path = tmp_path_factory.mktemp("product") / "data"
    with product_with_demo(path, seconds=START, **UNLIMITED) as url:
        yield url
