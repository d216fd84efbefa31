"""What the tests of webhooks share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.accounts.webhooks.receiver import Receiver, running


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """A system that listens on this machine, and may be called there."""
    settings.CRM_WEBHOOK_ALLOWED_NETWORKS = ["127.0.0.1/32"]
    with running() as listening:
        yield listening
