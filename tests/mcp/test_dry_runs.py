"""What is rehearsed is told, and neither written nor sent."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from sales.sending.tasks import send_mails
from tests.mcp.agents_of import call, refused
from tests.people import Team
from tests.sales.contacts.contacts_of import contact
from tests.sales.deals.deals_of import deal, stored
from tests.sales.documents.documents_of import invoice, quote, sent_invoice, sent_quote

ROWS = "SELECT %s, count(*), coalesce(sum(xmin::text::bigint), 0) FROM {}"


def everything() -> list[tuple[Any, ...]]:
    """How many rows each table has, and which transactions wrote them."""
    tables = connection.introspection.table_names()
    counted = " UNION ALL ".join(ROWS.format(connection.ops.quote_name(each)) for each in tables)
    with connection.cursor() as cursor:
        cursor.execute(counted, tables)
        return sorted(cursor.fetchall())


@pytest.fixture
def maria(team: Team) -> dict[str, Any]:
    return contact(team.ada, first_name="Maria", emails=[{"email": "maria@client.test"}])


class TestRehearsal:
    def test_tells_who_would_get_mail_and_what_would_change(
        self, team: Team, maria: dict[str, Any]
    ) -> None:
        offer = quote(team.ada, contact_id=maria["id"])
        told = call(team.ada, "leader_send_quote", quote_id=offer["id"], dry_run=True)
        assert told["quote"]["status"] == "sent"
        rehearsal = told["dry_run"]
        assert [each["to"] for each in rehearsal["mails"]] == ["maria@client.test"]
        changes = {each["what"]: each for each in rehearsal["changes"]}
        assert changes["sales.quote"]["changed"] == 1
        assert changes["sales.documentmail"]["created"] == 1
        assert rehearsal["rows"] == sum(
            each[how] for each in changes.values() for how in ("created", "changed", "deleted")
        )
        assert told["next"] == []

    def test_writes_nothing_and_sends_nothing(
        self,
        team: Team,
        maria: dict[str, Any],
        django_capture_on_commit_callbacks: Any,
    ) -> None:
        offer = quote(team.ada, contact_id=maria["id"])
        sent = sent_quote(team.ada, contact_id=maria["id"])
        bill = invoice(team.ada, contact_id=maria["id"])
        due = sent_invoice(team.ada, contact_id=maria["id"])
        gone = deal(team, team.ada)
        send_mails(tenant_id=team.tenant.pk)
        mail.outbox.clear()
        before = everything()
        with django_capture_on_commit_callbacks() as woken:
            call(team.ada, "leader_send_quote", quote_id=offer["id"], dry_run=True)
            call(team.ada, "leader_approve_quote", quote_id=sent["id"], dry_run=True)
            call(team.ada, "leader_send_invoice", invoice_id=bill["id"], dry_run=True)
            call(
                team.ada,
                "leader_record_payment",
                invoice_id=due["id"],
                amount=208800,
                idempotency_key="k",
                dry_run=True,
            )
            call(team.ada, "leader_delete_deal", deal_id=gone["id"], dry_run=True)
        assert woken == []
        assert everything() == before
        send_mails(tenant_id=team.tenant.pk)
        assert mail.outbox == []
        assert stored(team, gone["id"]).deleted_at is None

    def test_is_no_first_try_of_a_key(self, team: Team) -> None:
        due = sent_invoice(team.ada)
        asked = {"invoice_id": due["id"], "amount": 100, "idempotency_key": "k"}
        rehearsed = call(team.ada, "leader_record_payment", **asked, dry_run=True)
        assert rehearsed["invoice"]["amount_paid"] == 100
        paid = call(team.ada, "leader_record_payment", **asked)
        assert paid["payment"]["paid_at"] <= timezone.now().isoformat()
        assert "dry_run" not in paid

    def test_is_refused_as_the_deed_is(self, team: Team) -> None:
        offer = quote(team.ada)
        said = refused(team.ada, "leader_approve_quote", quote_id=offer["id"], dry_run=True)
        assert "cannot be approved" in said
        said = refused(team.alice, "leader_delete_deal", deal_id=1, dry_run=True)
        assert said.startswith("You do not have permission")

    def test_tells_that_nobody_has_an_address(self, team: Team) -> None:
        offer = quote(team.ada)
        told = call(team.ada, "leader_send_quote", quote_id=offer["id"], dry_run=True)
        assert told["dry_run"]["mails"] == []
        assert told["quote"]["delivery"]["status"] == "failed"
