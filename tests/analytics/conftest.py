from __future__ import annotations

import pytest

from analytics.leads.recount import find_wrong_leads
from analytics.leads.services import sync_leads


@pytest.fixture
def no_round(settings):
    """No rolling round and no overlap: only what the watermark finds is found."""
    settings.CRM_ANALYTICS_ROLLING = 0
    settings.CRM_ANALYTICS_OVERLAP_SECONDS = 0


@pytest.fixture
def synced():
    """Sync, prove that every lead is right, and return the run."""

    def synced(**options):
        log = sync_leads(**options)
        assert list(find_wrong_leads()) == []
        return log

    return synced
