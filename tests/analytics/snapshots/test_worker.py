"""The chain on a real broker: the sync, then the snapshots, by a real worker."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db import connection

from analytics.models import Lead, Snapshot
from core.tenancy import across_tenants
from tests.prospects.cards_of import card

PATIENCE = 60  # seconds until a test gives up waiting


def celery(*words):
    """A Celery process on the test's database and a queue of its own on the real broker."""
    known = connection.settings_dict
    place = f"{known['HOST']}:{known['PORT']}/{known['NAME']}"
    environ = os.environ | {
        "DATABASE_URL": f"postgresql://{known['USER']}:{known['PASSWORD']}@{place}",
        "REDIS_URL": f"{settings.REDIS_URL.rpartition('/')[0]}/13",
        "DJANGO_SETTINGS_MODULE": "crm_project.settings.dev",
        "CRM_SECRET_KEY": settings.SECRET_KEY,
    }
    return subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "crm_project", *words],
        env=environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


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
            deadline = time.monotonic() + PATIENCE
            with across_tenants():
                while Snapshot.objects.filter(preset="6m").count() < 2:
                    assert time.monotonic() < deadline, "this took too long"
                    time.sleep(0.1)
                assert Lead.objects.count() == 2
        finally:
            os.killpg(worker.pid, signal.SIGTERM)
            worker.wait()
