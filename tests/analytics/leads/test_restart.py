"""The database restarted in the middle of a sync: a server of the test's own, really restarted."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import psycopg
import pytest
from django.conf import settings

from core.embedded.datadir import open_data_dir
from core.embedded.postgres import Postgres
from tests.analytics.leads.test_killed import CARDS, COPIES

PATIENCE = 300  # seconds; the machine may be busy with other tests
TENANT = ("--tenant", "demo")
LEADS = "SELECT count(*) FROM analytics_lead"
RUNS = "SELECT status, count(*) FROM analytics_synclog GROUP BY 1"


class Installation:
    """`manage.py` on a server of its own."""

    def __init__(self, directory):
        self.data = open_data_dir(directory)
        self.server = Postgres(self.data, durable=False)

    def restart(self):
        with self.data.locked():
            self.server.down()
            self.server.up()

    def ask(self, sql, *params):
        with psycopg.connect(self.server.url()) as session:
            found = session.execute(sql, params)
            return found.fetchall() if found.description else []

    def manage(self, *words):
        environ = os.environ | {
            "DATABASE_URL": self.server.url(),
            "REDIS_URL": settings.REDIS_URL,
            "DJANGO_SETTINGS_MODULE": "crm_project.settings.dev",
            "CRM_SECRET_KEY": settings.SECRET_KEY,
            "CRM_ANALYTICS_FULL_CHUNK": "100",
        }
        command = [sys.executable, "manage.py", *words]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(command, env=environ, cwd=settings.BASE_DIR, **quiet)

    def done(self, *words):
        assert self.manage(*words).wait(PATIENCE) == 0, words


@pytest.fixture
def installation(tmp_path):
    made = Installation(tmp_path / "data")
    with made.data.locked():
        made.server.up()
    yield made
    with made.data.locked():
        made.server.discard()


@pytest.mark.slow
class TestDatabaseRestartedDuringASync:
    def test_fails_the_run_and_the_next_one_repairs_everything(self, installation):
        installation.done("migrate")
        installation.done("seed_demo")
        # PostgreSQL knows the new rows: else it plans as for empty tables, for minutes.
        known = "SELECT reltuples > 0 FROM pg_class WHERE relname = 'prospects_contact'"
        assert installation.ask(known) == [(True,)]
        ((card,),) = installation.ask(
            "SELECT min(card.id) FROM prospects_prospect card JOIN accounts_tenant tenant"
            " ON tenant.id = card.tenant_id WHERE tenant.slug = 'demo'"
        )
        installation.ask(COPIES, CARDS, card)
        installation.ask("TRUNCATE analytics_lead")

        sync = installation.manage("sync_analytics", *TENANT, "--full")
        deadline = time.monotonic() + PATIENCE
        while installation.ask(LEADS)[0][0] < 500:
            assert sync.poll() is None, "it ended by itself"
            assert time.monotonic() < deadline
        installation.restart()
        assert sync.wait(PATIENCE) != 0
        assert 0 < installation.ask(LEADS)[0][0] < CARDS

        installation.done("sync_analytics", *TENANT, "--full")
        installation.done("verify_analytics", *TENANT)
        runs = dict(installation.ask(RUNS))
        assert runs["failed"] == 1
        assert "running" not in runs
