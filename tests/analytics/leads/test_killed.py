"""The sync as a process of its own, killed between two chunks, again and again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from itertools import pairwise

import pytest
from django.conf import settings
from django.db import connection

from analytics.leads.recount import find_wrong_leads
from analytics.leads.services import sync_leads
from analytics.models import Lead, SyncLog
from core.tenancy import tenant_scope
from prospects.models import Prospect
from tests.prospects.cards_of import card

CARDS = 20_000
PATIENCE = 60  # seconds until a test gives up waiting
COPIES = """
    INSERT INTO prospects_prospect (tenant_id, category_id, category_changed_at,
        created_at, type, company_name, name, email, phone_code, phone, external_id, channel,
        account_type, annotations, search_text)
    SELECT tenant_id, category_id, now(), now(), 1, 'C' || n, '', '', '', '', '', '', '', '', ''
    FROM prospects_prospect, generate_series(2, %s) AS n WHERE id = %s
"""


def until(condition, process):
    """Ask again and again until it is so."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert process.poll() is None, "it ended by itself"
        assert time.monotonic() < deadline, "this took too long"
        time.sleep(0.01)


def start_sync(*options):
    """`manage.py sync_analytics` on the test's database."""
    known = connection.settings_dict
    place = f"{known['HOST']}:{known['PORT']}/{known['NAME']}"
    environ = os.environ | {
        "DATABASE_URL": f"postgresql://{known['USER']}:{known['PASSWORD']}@{place}",
        "REDIS_URL": settings.REDIS_URL,
        "DJANGO_SETTINGS_MODULE": "crm_project.settings.dev",
        "CRM_SECRET_KEY": settings.SECRET_KEY,
        "CRM_ANALYTICS_FULL_CHUNK": "100",
        "CRM_ANALYTICS_CHUNK": "20",
    }
    return subprocess.Popen(
        [sys.executable, "manage.py", "sync_analytics", *options],
        env=environ,
        cwd=settings.BASE_DIR,
        stdout=subprocess.DEVNULL,
    )


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestASyncKilledInTheMiddle:
    @pytest.fixture(autouse=True)
    def cards(self, team):
        with tenant_scope(team.tenant.pk):
            first = card(team)
            with connection.cursor() as cursor:
                cursor.execute(COPIES, [CARDS, first.pk])
            yield

    def kill_after(self, condition, *options):
        process = start_sync(*options)
        try:
            until(condition, process)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()

    def test_leaves_what_the_next_one_finishes(self):
        before = 0
        for _ in range(3):
            self.kill_after(lambda before=before: Lead.objects.count() > before + 500)
            before = Lead.objects.count()
        assert 0 < before < CARDS
        assert SyncLog.objects.latest_finished() is None
        assert start_sync().wait() == 0
        assert list(find_wrong_leads()) == []
        assert SyncLog.objects.filter(status="failed").count() == 3

    def test_leaves_the_watermark_where_it_was(self, settings):
        settings.CRM_ANALYTICS_ROLLING = 0
        sync_leads()
        mark = SyncLog.objects.latest_finished().watermark
        Prospect.objects.update(monthly_shipments=4)
        written = Lead.objects.filter(monthly_shipments=4)
        self.kill_after(lambda: written.count() > 500)
        assert 0 < written.count() < CARDS
        assert SyncLog.objects.latest_finished().watermark == mark
        sync_leads()
        assert list(find_wrong_leads()) == []

    def test_lets_a_second_one_in_at_once(self):
        self.kill_after(lambda: Lead.objects.count() > 500)
        deadline = time.monotonic() + PATIENCE
        while (run := sync_leads()) is None:  # until the server notices that the session is gone
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert run.status == "finished"

    def test_shares_no_lead_with_another_that_runs_beside_it(self):
        """The second one does nothing, or begins when the first has ended: never both at once."""
        runs = [start_sync() for _ in range(3)]
        assert [run.wait(PATIENCE) for run in runs] == [0, 0, 0]
        assert list(find_wrong_leads()) == []
        assert set(SyncLog.objects.values_list("status", flat=True)) == {"finished"}
        logs = list(SyncLog.objects.order_by("started_at"))
        assert all(earlier.finished_at <= later.started_at for earlier, later in pairwise(logs))
