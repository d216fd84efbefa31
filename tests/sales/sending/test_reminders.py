"""Customers are reminded of what they owe as their tenant wants it, each time once."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail as outbox
from django.utils import timezone

from accounts.models import Tenant
from core.tenancy import tenant_scope
from sales.models import DocumentMail, Invoice
from sales.sending.reminders import queue_reminders
from sales.sending.tasks import remind_all
from tests.days import today
from tests.races import at_once
from tests.sales.contacts.contacts_of import contact
from tests.sales.documents.documents_of import INVOICES, done, made, pay
from tests.sales.sending.mails_of import MARIA, client_of, count, link_in, mailed, work

ISSUED, DUE = "2026-03-01", "2026-03-20"


def noon(day: str, hour: int = 12, zone: str = "America/Mexico_City") -> datetime:
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=ZoneInfo(zone))


@pytest.fixture
def owing(team):
    """An invoice that was sent on the first of March and is due on the twentieth."""
    Tenant.objects.filter(pk=team.tenant.pk).update(
        remind_days_before=[3], remind_days_after=[1, 7], language="en"
    )
    bill = mailed(team.mona, "invoice", issued_at=ISSUED, due_at=DUE)
    work(team)
    outbox.outbox.clear()
    with tenant_scope(team.tenant.pk):
        Invoice.objects.update(sent_at=noon(ISSUED))
    return bill


def reminded(team, day, hour=12):
    """How many are reminded at this time of a day."""
    with tenant_scope(team.tenant.pk):
        return queue_reminders(at=noon(day, hour))


class TestReminders:
    def test_come_before_and_after_the_due_date_each_once(self, team, owing):
        days = [noon(ISSUED) + timedelta(days=distance) for distance in range(60)]
        sent = [f"{day:%m-%d}" for day in days for _ in range(2) if reminded(team, f"{day:%F}")]
        assert sent == ["03-17", "03-21", "03-27"]

    def test_say_how_much_until_when_and_bring_the_invoice(self, team, owing):
        made(pay(team.mona, owing["id"], 8800))
        reminded(team, "2026-03-17")
        with tenant_scope(team.tenant.pk):
            Invoice.objects.update(due_at=today() + timedelta(days=3))
            DocumentMail.objects.filter(status="pending").update(
                due_date=today() + timedelta(days=3), due_at=timezone.now()
            )
        (letter,) = work(team)
        assert letter.subject == f"Reminder of invoice FAC-000001 ({team.tenant.name})"
        assert "200,000.00 MXN are due on" in letter.body
        assert letter.attachments
        assert team.mona.client.get(link_in(letter)).status_code == 200

    def test_lose_their_links_when_the_invoice_goes_to_another_address(self, team, owing):
        reminded(team, "2026-03-17")
        with tenant_scope(team.tenant.pk):
            soon = today() + timedelta(days=3)
            Invoice.objects.update(due_at=soon)
            DocumentMail.objects.filter(status="pending").update(
                due_date=soon, due_at=timezone.now()
            )
        link = link_in(work(team)[-1])
        done(team.mona.post(f"{INVOICES}/{owing['id']}/send", {"to": "new@client.test"}))
        assert team.mona.client.get(link).status_code == 410

    def test_that_are_still_to_leave_bring_a_link_that_works(self, team, owing):
        reminded(team, "2026-03-17")
        done(team.mona.post(f"{INVOICES}/{owing['id']}/send", {"to": "new@client.test"}))
        with tenant_scope(team.tenant.pk):
            soon = today() + timedelta(days=3)
            Invoice.objects.update(due_at=soon)
            DocumentMail.objects.filter(purpose="reminder").update(
                due_date=soon, due_at=timezone.now()
            )
        letters = {letter.to[0]: letter for letter in work(team)}
        assert team.mona.client.get(link_in(letters[MARIA])).status_code == 200

    def test_are_not_the_delivery_that_the_invoice_shows(self, team, owing):
        reminded(team, "2026-03-17")
        shown = done(team.mona.get(f"{INVOICES}/{owing['id']}"))["delivery"]
        assert (shown["status"], "Invoice" in shown["subject"]) == ("sent", True)

    def test_wait_for_the_morning_where_the_tenant_is(self, team, owing):
        assert reminded(team, "2026-03-17", hour=8) == 0
        assert reminded(team, "2026-03-17", hour=9) == 1
        Tenant.objects.filter(pk=team.tenant.pk).update(time_zone="Asia/Tokyo")
        assert reminded(team, "2026-03-20", hour=17) == 0  # eight o'clock on the 21st there
        assert reminded(team, "2026-03-20", hour=18) == 1

    def test_that_an_outage_held_up_are_made_up_for_some_days(self, team, owing):
        assert reminded(team, "2026-03-19") == 1
        assert reminded(team, "2026-03-24") == 0  # four days late
        assert reminded(team, "2026-03-29") == 1
        with tenant_scope(team.tenant.pk):
            said = DocumentMail.objects.filter(purpose="reminder").values_list(
                "days_from_due", flat=True
            )
            assert sorted(said) == [-3, 7]

    def test_of_the_past_are_not_said_when_somebody_turns_them_on(self, team, owing):
        assert reminded(team, "2026-06-01") == 0

    def test_follow_a_later_due_date(self, team, owing):
        reminded(team, "2026-03-17")
        done(team.mona.put(f"{INVOICES}/{owing['id']}", {"due_at": "2026-04-20"}))
        assert work(team) == []  # it is not due on that day any more
        assert reminded(team, "2026-03-21") == 0
        assert reminded(team, "2026-04-17") == 1

    def test_are_not_for_what_was_sent_today(self, team, owing):
        with tenant_scope(team.tenant.pk):
            Invoice.objects.update(sent_at=noon("2026-03-17", hour=1))
        assert reminded(team, "2026-03-17") == 0

    @pytest.mark.parametrize("state", ["draft", "paid", "cancelled", "deleted"])
    def test_are_not_for_what_is_not_owed(self, team, owing, state):
        with tenant_scope(team.tenant.pk):
            if state == "paid":
                made(pay(team.mona, owing["id"], owing["total"]))
            elif state == "cancelled":
                done(team.mona.post(f"{INVOICES}/{owing['id']}/cancel"))
            elif state == "deleted":
                Invoice.objects.update(status="draft", deleted_at=timezone.now())
            else:
                Invoice.objects.update(status=state)
        assert reminded(team, "2026-03-17") == 0

    def test_that_wait_are_not_sent_once_it_is_paid(self, team, owing):
        reminded(team, "2026-03-17")
        made(pay(team.mona, owing["id"], owing["total"]))
        assert work(team) == []

    def test_are_for_whom_has_an_address(self, team, owing):
        mailed(
            team.mona,
            "invoice",
            {"to": "someone@client.test"},
            contact_id=contact(team.mona)["id"],
            issued_at=ISSUED,
            due_at=DUE,
        )
        with tenant_scope(team.tenant.pk):
            Invoice.objects.update(sent_at=noon(ISSUED))
        assert reminded(team, "2026-03-17") == 1

    def test_are_off_until_the_tenant_says_when(self, team):
        mailed(team.mona, "invoice", issued_at=ISSUED, due_at=DUE)
        with tenant_scope(team.tenant.pk):
            Invoice.objects.update(sent_at=noon(ISSUED))
        assert reminded(team, "2026-03-17") == 0

    def test_of_one_tenant_fail_alone(self, team, rivals, owing):
        Tenant.objects.filter(pk=rivals.tenant.pk).update(time_zone="Nowhere/Land")
        zone = team.tenant.zone
        now = timezone.now().astimezone(zone)
        today = now.date()
        with tenant_scope(team.tenant.pk):
            Invoice.objects.update(issued_at=today, due_at=today + timedelta(days=3))
        assert remind_all() == (1 if now.hour >= 9 else 0)

    @pytest.mark.django_db(transaction=True)
    def test_asked_for_at_once_come_once(self, team, owing):
        at_once(*[lambda: reminded(team, "2026-03-17")] * 4)
        with tenant_scope(team.tenant.pk):
            assert DocumentMail.objects.filter(purpose="reminder").count() == 1

    def test_are_few_statements_for_many(self, team, owing, django_assert_max_num_queries):
        who = client_of(team.mona, email="other@client.test")
        for _ in range(5):
            mailed(team.mona, "invoice", contact_id=who, issued_at=ISSUED, due_at=DUE)
        with tenant_scope(team.tenant.pk):
            Invoice.objects.update(sent_at=noon(ISSUED))
        with django_assert_max_num_queries(7):
            assert reminded(team, "2026-03-17") == 6
        assert count(team) == 12


class TestSettings:
    def test_are_changed_by_admins_and_kept_in_order(self, team):
        body = {"remind_days_before": [7, 3, 3], "remind_days_after": ["15", 1]}
        changed = done(team.ada.put("/api/v1/tenant", body))
        assert (changed["remind_days_before"], changed["remind_days_after"]) == ([3, 7], [1, 15])
        assert team.mona.put("/api/v1/tenant", {"remind_days_after": [1]}).status_code == 403

    @pytest.mark.parametrize(
        "wrong", [None, 3, "3", [0], [-1], [366], ["x"], [1.5], [[1]], [1, 2, 3, 4, 5, 6], {}]
    )
    def test_refuse_what_are_no_days(self, team, wrong):
        for field in ("remind_days_before", "remind_days_after"):
            answer = team.ada.put("/api/v1/tenant", {field: wrong})
            assert answer.status_code == 422, wrong
            assert next(iter(answer.json()["errors"])).startswith(field)
