"""New leads go to respond.io: written with the card, sent by the worker, never lost."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from django.db import transaction
from django.utils import timezone

from core.outbox import delay_after
from core.tasks import sweep_pending
from core.tenancy import tenant_scope
from prospects.models import Locale, RespondioAccount, RespondioDelivery
from prospects.respondio import client
from prospects.respondio.services import enqueue_new_leads, send_due
from tests.people import Team
from tests.prospects.cards_of import card
from tests.prospects.respondio.service import Reply, Respondio, running
from tests.staff import messages_of, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def respondio(settings):
    """The service is there and this server has a token for it."""
    with running() as service:
        settings.RESPONDIO_BASE_URL = service.url
        settings.RESPONDIO_API_TOKEN = "of-the-server"
        yield service


def only_delivery(team: Team) -> RespondioDelivery:
    with tenant_scope(team.tenant.pk):
        return RespondioDelivery.objects.get()


def send(team: Team, *, later: timedelta = timedelta(0)) -> int:
    with tenant_scope(team.tenant.pk):
        return send_due(at=timezone.now() + later, most=10)


class TestNewLead:
    def test_is_sent_once_its_transaction_has_committed(
        self, team, respondio, django_capture_on_commit_callbacks
    ):
        mexico = Locale.objects.get(country_code="MX")
        row = {"name": "Ana López Ruiz", "email": "Ana@Acme.com", "code": 52, "phone": 5512345678}
        with django_capture_on_commit_callbacks(execute=True):
            team.mona.post("/prospects", [{**row, "locale": mexico.pk}])
            assert respondio.asked == []
        (asked,) = respondio.asked
        assert asked.path == "/v2/contact/create_or_update/email:ana%40acme.com"
        assert asked.token == "Bearer of-the-server"
        assert asked.body == {
            "firstName": "Ana",
            "lastName": "López Ruiz",
            "email": "ana@acme.com",
            "phone": "+525512345678",
            "language": "es",
            "countryCode": "MX",
        }
        assert only_delivery(team).status == "sent"

    def test_is_named_by_its_phone_without_an_email(self, team, respondio):
        card(team, company_name="Acme", phone_code="52", phone="5512345678")
        assert send(team) == 1
        assert respondio.asked[0].path == "/v2/contact/create_or_update/phone:%2B525512345678"
        assert respondio.asked[0].body["firstName"] == "Acme"

    @pytest.mark.parametrize(
        "values",
        [
            {"company_name": "Nobody to write to"},
            {"email": "p@partner.com", "type": 3},
            {"email": "c@client.com", "type": 2},
            {"email": "w@won.com", "category_name": "active_client"},
        ],
    )
    def test_is_not_whoever_cannot_be_reached_or_is_no_lead(self, team, respondio, values):
        card(team, **values)
        assert send(team) == 0

    def test_vanishes_with_a_transaction_that_fails(self, team, respondio):
        with transaction.atomic():
            card(team, email="a@acme.com")
            transaction.set_rollback(True)
        with tenant_scope(team.tenant.pk):
            assert not RespondioDelivery.objects.exists()

    def test_is_written_down_once(self, team, respondio):
        made = card(team, email="a@acme.com")
        with tenant_scope(team.tenant.pk):
            enqueue_new_leads(prospect_ids=[made.pk], at=timezone.now())
        assert only_delivery(team).prospect_id == made.pk

    def test_costs_two_statements_whatever_the_size_of_the_batch(
        self, team, respondio, django_assert_num_queries
    ):
        ids = [card(team, email=f"a{number}@acme.com").pk for number in range(30)]
        with tenant_scope(team.tenant.pk), django_assert_num_queries(2):
            enqueue_new_leads(prospect_ids=ids, at=timezone.now())


class TestAccount:
    def test_without_any_token_nothing_is_written_down(self, team, settings):
        settings.RESPONDIO_API_TOKEN = ""
        card(team, email="a@acme.com")
        with tenant_scope(team.tenant.pk):
            assert not RespondioDelivery.objects.exists()

    def test_sends_with_the_tenants_own_token(self, team, rivals, respondio):
        with tenant_scope(team.tenant.pk):
            RespondioAccount.objects.create(token="of-acme")
        card(team, email="a@acme.com")
        card(rivals, email="r@rivals.com")
        assert (send(team), send(rivals)) == (1, 1)
        assert [asked.token for asked in respondio.asked] == [
            "Bearer of-acme",
            "Bearer of-the-server",
        ]

    def test_that_is_off_sends_nothing_and_keeps_what_waits(self, team, respondio):
        card(team, email="a@acme.com")
        with tenant_scope(team.tenant.pk):
            RespondioAccount.objects.create(is_active=False)
        card(team, email="b@acme.com")
        assert send(team) == 0
        assert only_delivery(team).status == "pending"


class TestAnswers:
    @pytest.fixture
    def lead(self, team, respondio):
        return card(team, email="a@acme.com")

    @pytest.mark.parametrize("body", [b"", b"<html>what?</html>", b"\xff\xfe\x00", b"x" * 100_000])
    def test_of_garbage_after_a_200_has_arrived(self, team, respondio, lead, body):
        respondio.replies = [Reply(body=body)]
        send(team)
        assert only_delivery(team).status == "sent"

    @pytest.mark.parametrize("status", [400, 401, 404, 422, 302])
    def test_that_refuse_end_it_and_are_kept(self, team, respondio, lead, status):
        respondio.replies = [Reply(status, b'{"message": "no such thing"}')]
        send(team)
        delivery = only_delivery(team)
        assert (delivery.status, delivery.answer_status) == ("failed", status)
        assert "no such thing" in delivery.answer
        assert send(team, later=timedelta(days=7)) == 0

    @pytest.mark.parametrize("reply", [Reply(500), Reply(503), Reply(breaks=True)])
    def test_that_fail_are_tried_again_later_and_later(self, team, respondio, lead, reply):
        respondio.replies = [reply, reply, Reply()]
        send(team)
        delivery = only_delivery(team)
        assert (delivery.status, delivery.attempts) == ("pending", 1)
        assert send(team) == 0
        assert send(team, later=timedelta(minutes=2)) == 1
        assert only_delivery(team).due_at > delivery.due_at + timedelta(seconds=55)
        assert send(team, later=timedelta(minutes=5)) == 1
        assert only_delivery(team).status == "sent"

    def test_that_never_come_are_tried_again(self, team, respondio, lead, monkeypatch):
        monkeypatch.setattr(client, "TIMEOUT", httpx.Timeout(0.2))
        respondio.replies = [Reply(is_silent=True), Reply()]
        send(team)
        assert "Timeout" in only_delivery(team).answer
        send(team, later=timedelta(minutes=2))
        assert only_delivery(team).status == "sent"

    def test_from_nowhere_are_tried_again(self, team, respondio, lead, settings):
        settings.RESPONDIO_BASE_URL = "http://127.0.0.1:1/v2"
        send(team)
        delivery = only_delivery(team)
        assert (delivery.status, delivery.answer_status) == ("pending", None)
        assert "Connect" in delivery.answer

    def test_of_429_let_all_leads_wait_as_long_as_it_says(self, team, respondio, lead):
        card(team, email="b@acme.com")
        respondio.replies = [Reply(429, headers={"Retry-After": "600"}), Reply()]
        assert send(team) == 1
        assert send(team, later=timedelta(minutes=9)) == 0
        assert send(team, later=timedelta(minutes=11)) == 2
        with tenant_scope(team.tenant.pk):
            deliveries = RespondioDelivery.objects.values_list("status", "attempts")
            assert set(deliveries) == {("sent", 1)}

    @pytest.mark.parametrize("told", ["soon", "-5", "99999999999999999999", ""])
    def test_of_429_with_a_senseless_wait_are_tried_within_a_day(self, team, respondio, lead, told):
        respondio.replies = [Reply(429, headers={"Retry-After": told}), Reply()]
        send(team)
        assert send(team, later=timedelta(hours=25)) == 1
        assert only_delivery(team).status == "sent"

    def test_that_fail_for_days_end_as_failed(self, team, respondio, lead):
        respondio.replies = [Reply(500)]
        for days in range(1, 13):
            send(team, later=timedelta(days=days))
        assert (only_delivery(team).status, len(respondio.asked)) == ("failed", 12)

    def test_are_not_asked_for_when_the_card_is_gone(self, team, respondio, lead):
        with tenant_scope(team.tenant.pk):
            lead.deleted_at = timezone.now()
            lead.save(update_fields=["deleted_at"])
        send(team)
        assert (only_delivery(team).status, respondio.asked) == ("failed", [])


class TestDelays:
    def test_double_up_to_six_hours(self):
        minutes = [delay_after(attempts) // timedelta(minutes=1) for attempts in range(1, 13)]
        assert minutes == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360]


class TestSweep:
    def test_sends_what_nobody_was_woken_for(self, team, respondio):
        card(team, email="a@acme.com")
        sweep_pending()
        assert only_delivery(team).status == "sent"

    def test_leaves_alone_what_a_worker_has_just_taken(self, team, respondio):
        card(team, email="a@acme.com")
        with tenant_scope(team.tenant.pk):
            in_a_minute = timezone.now() + timedelta(minutes=1)
            RespondioDelivery.objects.update(due_at=in_a_minute, attempts=1)
        sweep_pending()
        assert respondio.asked == []


class TestBackOffice:
    def test_sends_again_what_failed_and_never_what_has_arrived(
        self, team, respondio: Respondio, django_capture_on_commit_callbacks
    ):
        respondio.replies = [Reply(400), Reply()]
        card(team, email="a@acme.com")
        card(team, email="b@acme.com")
        assert send(team) == 2
        with tenant_scope(team.tenant.pk):
            ids = list(RespondioDelivery.objects.values_list("pk", flat=True))
        data = {"action": "send_again", "_selected_action": ids}
        with django_capture_on_commit_callbacks(execute=True):
            page = signed_in(team.mona.user).post(
                "/admin/prospects/respondiodelivery/", data, follow=True
            )
        assert "1" in messages_of(page)
        assert len(respondio.asked) == 3
        with tenant_scope(team.tenant.pk):
            assert set(RespondioDelivery.objects.values_list("status", flat=True)) == {"sent"}

    def test_lists_only_leads_whose_card_one_sees(self, team, respondio):
        card(team, email="a@acme.com", company_name="Alices", owner=team.alice)
        card(team, email="b@acme.com", company_name="Bobs", owner=team.bob)
        page = signed_in(team.alice.user).get("/admin/prospects/respondiodelivery/")
        assert "Alices" in page.content.decode()
        assert "Bobs" not in page.content.decode()

    def test_never_shows_the_token_and_keeps_it_when_left_empty(self, team):
        browser = signed_in(team.ada.user)
        browser.post(
            "/admin/prospects/respondioaccount/add/", {"is_active": "on", "token": "s3cret"}
        )
        with tenant_scope(team.tenant.pk):
            account = RespondioAccount.objects.get()
        url = f"/admin/prospects/respondioaccount/{account.pk}/change/"
        assert "s3cret" not in browser.get(url).content.decode()
        browser.post(url, {"token": ""})
        account.refresh_from_db()
        assert (account.token, account.is_active) == ("s3cret", False)
        browser.post(url, {"token": "", "forgets_token": "on"})
        account.refresh_from_db()
        assert account.token == ""
