"""Merges at the same moment, and one that is killed in the middle."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import partial

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from clients.merging.models import CardMerge
from core.tenancy import tenant_scope
from prospects.followups.models import FollowUpNote
from prospects.followups.services import add_note
from prospects.models import Prospect
from tests.clients.merging.state import everything, nothing_is_wrong
from tests.databases import address_of
from tests.prospects.cards_of import card
from tests.races import at_once

PATIENCE = 40  # seconds until a test gives up waiting


def merge(person, into, other):
    return person.post(f"/prospects/{into.pk}/merge", {"from_id": other.pk}).status_code


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_of_two_merges_that_cross_one_wins(self, team):
        one, other = (card(team, company_name="Acme", name=f"Person {n}") for n in "AB")
        answers = at_once(
            partial(merge, team.mona, one, other), partial(merge, team.ada, other, one)
        )
        assert sorted(answers) == [200, 409]
        with tenant_scope(team.tenant.pk):
            assert Prospect.objects.count() == 1
        nothing_is_wrong(team)

    def test_of_two_that_are_the_same_one_wins(self, team):
        one, other = card(team, company_name="Acme"), card(team, company_name="Acme")
        answers = at_once(*(partial(merge, person, one, other) for person in (team.mona, team.ada)))
        assert sorted(answers) == [200, 409]

    def test_of_two_undoings_one_wins(self, team):
        one, other = card(team, company_name="Acme"), card(team, name="Jane")
        before = everything(team)
        merge(team.mona, one, other)
        path = f"/prospects/{one.pk}/unmerge"
        answers = at_once(*(partial(who.post, path, {}) for who in (team.mona, team.ada)))
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        assert everything(team) == before


# What the API's view does, in a process of its own.
WORK = """
import django; django.setup()
from django.utils import timezone
from accounts.users.models import User
from clients.merging.services import merge_prospects
from core.tenancy import tenant_scope
with tenant_scope({tenant}):
    by = User.objects.get(pk={user})
    merge_prospects(
        prospect_id={kept}, from_id={gone}, fields={{}}, by=by, at=timezone.now(), seen_by=by
    )
"""


def a_process(code: str) -> subprocess.Popen[bytes]:
    environ = {
        "DATABASE_URL": address_of(),
        "REDIS_URL": settings.REDIS_URL,
        "DJANGO_SETTINGS_MODULE": "crm_project.settings.dev",
        "CRM_SECRET_KEY": settings.SECRET_KEY,
    }
    return subprocess.Popen(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, env=os.environ | environ
    )


def somebody_waits() -> bool:
    """Whether another connection waits for what this one has locked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks"
            " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        return bool(cursor.fetchone()[0])


def until(condition) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "this took too long"
        time.sleep(0.02)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestAMergeKilledInTheMiddle:
    def test_leaves_everything_as_it_was(self, team):
        kept, gone = card(team, company_name="Acme"), card(team, name="Jane", email="j@acme.mx")
        with tenant_scope(team.tenant.pk):
            add_note(prospect_id=gone.pk, note="Hi", by=team.mona.user, at=timezone.now())
            before = everything(team)
            names = {"tenant": team.tenant.pk, "user": team.mona.id, "kept": kept.pk}
            with transaction.atomic():
                # The card is deleted and its people have moved when the merge comes to its notes.
                FollowUpNote.objects.select_for_update().get()
                running = a_process(WORK.format(**names, gone=gone.pk))
                until(somebody_waits)
                running.send_signal(signal.SIGKILL)
                assert running.wait(PATIENCE) == -signal.SIGKILL
            assert everything(team) == before
            assert not CardMerge.objects.exists()
        nothing_is_wrong(team)
        assert merge(team.mona, kept, gone) == 200
