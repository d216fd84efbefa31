"""The chain on a real broker: the sync, then the snapshots, by a real worker."""

from __future__ import annotations

import json
import os
import signal

import pytest

from analytics.models import Lead, Snapshot
from core.tenancy import across_tenants
from tests.prospects.cards_of import card
from tests.prospects.imports.workers import PATIENCE, celery, until


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestTheChain:
    def test_of_two_beats_at_once_syncs_every_tenant(self, team, rivals):
        card(team)
        card(rivals)
        for _ in range(2):
            arguments = ("snapshots.refresh_all", "--kwargs", json.dumps({}))
            assert celery("call", *arguments).wait(PATIENCE) == 0
        worker = celery("worker", "-c", "2")
        try:
            with across_tenants():
                until(lambda: Snapshot.objects.filter(preset="6m").count() == 2)
                assert Lead.objects.count() == 2
        finally:
            os.killpg(worker.pid, signal.SIGTERM)
            worker.wait()
