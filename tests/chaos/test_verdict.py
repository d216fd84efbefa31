"""A verdict that cannot be "guilty" proves nothing: what is lost, doubled or invented is told."""

from __future__ import annotations

from itertools import islice
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import WebhookDelivery
from accounts.webhooks.services import create_endpoint
from core.tenancy import tenant_scope
from prospects.models import FollowUpNote, Prospect
from sales.models import DocumentMail
from tests.chaos.counting import lost_or_doubled, misplaced
from tests.chaos.desk import Desk, House
from tests.chaos.killing import dealt
from tests.chaos.ledger import Ledger, Outcome
from tests.chaos.messages import wrong_mails, wrong_webhooks
from tests.chaos.receivers import Call, Letter
from tests.chaos.writers import WRITERS
from tests.people import Team
from tests.prospects.cards_of import card
from tests.sales.documents.documents_of import sent_invoice

pytestmark = pytest.mark.django_db


class Database:
    """Stands where the product does: the test's own database."""

    def ask(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql, values or None)
            return cursor.fetchall()


class Books:
    """Stands where a receiver does."""

    def __init__(self, *entries: Any) -> None:
        self.calls = self.letters = entries


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


class TestRows:
    @pytest.mark.parametrize(
        ("outcome", "rows", "is_wrong"),
        [
            (Outcome.DONE, 1, False),
            (Outcome.DONE, 0, True),
            (Outcome.DONE, 2, True),
            (Outcome.REFUSED, 0, False),
            (Outcome.REFUSED, 1, True),
            (Outcome.UNSURE, 0, False),
            (Outcome.UNSURE, 1, False),
            (Outcome.UNSURE, 2, True),
        ],
    )
    def test_are_as_often_there_as_was_answered(self, team, ledger, outcome, rows, is_wrong):
        ledger.open("note", "note-0-1", team.tenant.slug).outcome = outcome
        with tenant_scope(team.tenant.pk):
            about = card(team)
            for _ in range(rows):
                FollowUpNote.objects.create(
                    prospect=about, note="note-0-1", created_at=timezone.now()
                )
        found = lost_or_doubled(Database(), ledger)
        assert bool(found) is is_wrong
        assert all("note-0-1" in line for line in found)

    def test_that_nobody_wrote_are_told(self, team, ledger):
        card(team, external_id="card-9-9")
        assert lost_or_doubled(Database(), ledger) == [
            f"card card-9-9 of {team.tenant.slug}: nobody wrote that"
        ]

    def test_must_be_where_they_were_left(self, team, ledger):
        pk, category = card(team).pk, Database().ask("SELECT id FROM prospects_followupcategory")
        with tenant_scope(team.tenant.pk):
            stands = Prospect.objects.get(pk=pk).category_id
        place = ("prospects_prospect", "category_id", pk)
        ledger.left[place] = {stands}
        assert misplaced(Database(), ledger) == []
        ledger.left[place] = {row[0] for row in category} - {stands}
        assert len(misplaced(Database(), ledger)) == 1


class TestMails:
    def found(self, status: str, *answers: str) -> list[str]:
        mail = DocumentMail.objects.get()
        DocumentMail.objects.update(status=status)
        letters = [Letter("a@b.test", "s", mail.message_id, answer) for answer in answers]
        return wrong_mails(Database(), Books(*letters))

    def test_come_once_or_are_unclear(self, team: Team) -> None:
        sent_invoice(team.mona)
        with tenant_scope(team.tenant.pk):
            for fine in (("sent", "451", "250"), ("unclear", ""), ("unclear",), ("failed", "451")):
                assert self.found(*fine) == [], fine
            for wrong in (("sent",), ("sent", "250", "250"), ("unclear", "", "250"), ("pending",)):
                assert len(self.found(*wrong)) == 1, wrong


class TestWebhooks:
    def found(self, ledger: Ledger, *calls: Call) -> list[str]:
        WebhookDelivery.objects.update(status="sent")
        return wrong_webhooks(Database(), ledger, Books(*calls))

    def test_are_heard_at_least_once_and_always_the_same(self, team: Team, ledger: Ledger) -> None:
        slug = team.tenant.slug
        with tenant_scope(team.tenant.pk):
            create_endpoint(url="https://example.com/", events=["prospect.created"])
            answer = team.mona.post("/prospects", [{"company": "C", "external_id": "card-0-1"}])
            write = ledger.open("card", "card-0-1", slug)
            write.row_id, write.outcome = answer.json()["inserts"][0]["id"], Outcome.DONE
            told = WebhookDelivery.objects.get().message_id
            heard = Call(slug, told, "prospect.created", write.row_id, b"{}", is_taken=True)
            missed = Call(slug, told, "prospect.created", write.row_id, b"{}", is_taken=False)
            other = Call(slug, told, "prospect.created", write.row_id, b"[]", is_taken=True)
            assert self.found(ledger, heard) == self.found(ledger, missed, heard, heard) == []
            for wrong in ((), (missed,), (heard, other)):
                assert len(self.found(ledger, *wrong)) == 1, wrong
            WebhookDelivery.objects.all().delete()
            assert len(self.found(ledger, heard)) == 2  # nobody sent it, and the card's is missing


class TestASeed:
    def test_draws_the_same_faults_and_writers(self) -> None:
        def drawn(seed: int) -> list[Any]:
            desk = Desk(1, House("a", "", 1, [], [], ""), None, Ledger(), seed)
            turns = []
            for _ in range(50):
                desk.next_step()
                turns.append(desk.chance.choices(list(WRITERS), list(WRITERS.values())))
            faults = [(pause, name) for pause, name, _ in islice(dealt(seed), 50)]
            return faults + turns

        assert drawn(4) == drawn(4)
        assert drawn(4) != drawn(5)
