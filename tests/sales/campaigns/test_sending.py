"""Who gets a campaign, once; and mail servers on bad days."""

from __future__ import annotations

import socket
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.db import connection
from django.utils import timezone

from accounts.models import Tenant
from core.tenancy import tenant_scope
from sales.mass_mail import claims
from sales.mass_mail.freezing import count_recipients
from sales.mass_mail.models import Campaign
from sales.mass_mail.pacing import take_turns
from sales.mass_mail.rounds import MOST_ATTEMPTS
from sales.mass_mail.suppressed import suppress
from sales.mass_mail.tasks import send_campaign
from sales.models import CampaignRecipient, MailPace
from tests.accounts.notifications.told import told
from tests.races import at_once
from tests.sales.campaigns.campaigns_of import (
    CAMPAIGNS,
    act,
    campaign,
    due,
    people,
    rows,
    segment,
    shown,
    statuses,
    time_passes,
    to_send,
    work,
)
from tests.smtp import CLOSE, HANG, running


@pytest.fixture
def server(settings):
    """A mail server of our own."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 0.4
    with running() as server:
        settings.EMAIL_PORT = server.port
        yield server


def begun(team, *addresses, **fields):
    """A campaign whose mails wait."""
    pk = to_send(team, *addresses, **fields)
    act(team.mona, pk, "send")
    return pk


def many(number):
    return [f"c{each:03}@client.test" for each in range(number)]


class TestRecipients:
    def test_are_each_address_once_without_those_who_cannot_be_written_to(self, team):
        with tenant_scope(team.tenant.pk):
            suppress(address="no@x.mx", reason="unsubscribed")
        contacts = people(team, "a@x.mx", "A@X.mx ", "b@x.mx", "", "no@x.mx", "not an address")
        pk = campaign(team.mona, segment_id=segment(team, contacts).pk)["id"]
        with tenant_scope(team.tenant.pk):
            assert count_recipients(Campaign.objects.get()) == 2
        act(team.mona, pk, "send")
        assert [letter.to for letter in work(team)] == [["a@x.mx"], ["b@x.mx"]]
        skipped = {"no_address": 1, "invalid_address": 1, "same_address": 1, "suppressed": 1}
        assert shown(team.mona, pk)["skipped"] == skipped

    def test_are_of_ones_own_tenant(self, team, rivals):
        people(rivals, "theirs@x.mx")
        with tenant_scope(rivals.tenant.pk):
            suppress(address="a@x.mx", reason="unsubscribed")
        begun(team, "a@x.mx")
        assert [letter.to for letter in work(team)] == [["a@x.mx"]]

    def test_are_fixed_when_it_begins(self, team):
        pk = begun(team, "a@x.mx")
        team.mona.delete(f"/api/v1/segments/{shown(team.mona, pk)['segment_id']}")
        people(team, "late@x.mx")
        assert len(work(team)) == 1
        assert shown(team.mona, pk)["status"] == "sent"

    def test_who_unsubscribe_meanwhile_get_none(self, team):
        pk = begun(team, "a@x.mx", "b@x.mx")
        with tenant_scope(team.tenant.pk):
            suppress(address="b@x.mx", reason="unsubscribed")
        work(team)
        assert statuses(team) == ["sent", "skipped"]
        assert shown(team.mona, pk)["status"] == "sent"

    def test_who_all_unsubscribe_meanwhile_are_no_failure(self, team):
        pk = begun(team, "a@x.mx")
        with tenant_scope(team.tenant.pk):
            suppress(address="a@x.mx", reason="unsubscribed")
        work(team)
        assert (statuses(team), shown(team.mona, pk)["status"]) == (["skipped"], "sent")

    def test_of_a_closed_tenant_get_none(self, team):
        begun(team, "a@x.mx")
        (first, *_) = due(team)
        Tenant.objects.filter(pk=team.tenant.pk).update(is_active=False)
        assert not send_campaign(**first)
        assert outbox.outbox == []
        assert statuses(team) == ["queued"]

    def test_who_were_deleted_meanwhile_get_none(self, team):
        contacts = people(team, "a@x.mx", "b@x.mx")
        pk = campaign(team.mona, segment_id=segment(team, contacts).pk)["id"]
        act(team.mona, pk, "send")
        assert team.mona.delete(f"/api/v1/contacts/{contacts[0].pk}").status_code == 200
        assert [letter.to for letter in work(team)] == [["b@x.mx"]]
        assert statuses(team) == ["skipped", "sent"]


class TestServer:
    def test_takes_each_mail_once_on_one_connection(self, team, server):
        begun(team, *many(25))
        for _ in range(3):
            work(team)
        assert sorted(letter["To"] for letter in server.taken) == many(25)
        assert server.reached.count("connect") == 1
        assert set(statuses(team)) == {"sent"}

    @pytest.mark.parametrize("step", ["RCPT", "DATA", "end"])
    @pytest.mark.parametrize("answer", ["451", "550"])
    def test_that_refuses_is_asked_again_or_not(self, team, server, step, answer):
        server.does[step] = f"{answer} not now"
        pk = begun(team, "a@x.mx")
        work(team)
        (row,) = rows(team)
        assert (row.answer_status, row.attempts) == (int(answer), 1)
        assert "not now" in row.answer
        assert row.status == ("queued" if answer == "451" else "failed")
        server.does.clear()
        server.taken.clear()
        work(team)
        assert server.taken == []  # not before its time
        time_passes(team, minutes=2)
        work(team)
        assert len(server.taken) == (1 if answer == "451" else 0)
        assert shown(team.mona, pk)["status"] == ("sent" if answer == "451" else "failed")
        if answer == "550":
            assert told(team.mona)[-1][0] == "campaign_failed"

    def test_that_refuses_one_takes_the_others(self, team, server):
        server.does["RCPT"] = "550 nobody here"
        begun(team, "a@x.mx")
        work(team)
        server.does.clear()
        begun(team, "b@x.mx", "c@x.mx")
        work(team)
        assert statuses(team) == ["failed", "sent", "sent"]

    @pytest.mark.parametrize("step", ["connect", "EHLO"])
    @pytest.mark.parametrize("fault", [CLOSE, HANG, "421 closing", "554 no service"])
    def test_that_is_down_loses_nothing(self, team, server, step, fault):
        server.does[step] = fault
        if step == "EHLO" and fault[0].isdigit():
            server.does["HELO"] = fault
        pk = begun(team, *many(3))
        work(team)
        assert statuses(team) == ["queued"] * 3
        assert {row.attempts for row in rows(team)} == {0}
        assert shown(team.mona, pk)["problem"]
        assert due(team) == []  # it is left alone for a while
        server.does.clear()
        time_passes(team, minutes=2)
        work(team)
        assert len(server.taken) == 3
        assert shown(team.mona, pk)["problem"] == ""

    def test_that_stays_down_is_asked_less_and_less(self, team, settings, server):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            settings.EMAIL_PORT = free.getsockname()[1]
        begun(team, "a@x.mx")
        waits = []
        for _ in range(8):
            work(team)
            with tenant_scope(team.tenant.pk):
                waits.append(Campaign.objects.get().retry_at - timezone.now())
            time_passes(team, hours=1)
        assert waits[0] < waits[1] < waits[2] < timedelta(minutes=10)
        assert waits[-1] <= timedelta(minutes=30)
        settings.EMAIL_PORT = server.port
        work(team)
        assert len(server.taken) == 1

    @pytest.mark.parametrize("fault", [CLOSE, HANG])
    def test_that_breaks_off_in_the_text_leaves_one_unknown(self, team, server, fault):
        server.does["end"] = fault
        pk = begun(team, *many(3))
        work(team)
        assert sorted(statuses(team)) == ["queued", "queued", "unknown"]
        server.does.clear()
        time_passes(team, minutes=2)
        work(team)
        time_passes(team, days=2)
        work(team)
        assert sorted(statuses(team)) == ["sent", "sent", "unknown"]
        assert len(server.taken) == 3  # the one that is unknown had arrived
        delivery = shown(team.mona, pk)["delivery"]
        assert (delivery["unknown"], shown(team.mona, pk)["status"]) == (1, "sent")

    def test_that_ends_the_connection_between_mails_gets_the_rest_on_another(self, team, server):
        """As servers do that take only so many mails on one."""
        begun(team, *many(4))
        server.does["MAIL"] = CLOSE
        work(team)
        assert "unknown" not in statuses(team)
        server.does.clear()
        time_passes(team, minutes=2)
        work(team)
        assert sorted(letter["To"] for letter in server.taken) == many(4)

    @pytest.mark.parametrize("answer", ["421 slow down", "450 too many", "550 quota exceeded"])
    def test_that_wants_none_of_us_now_is_left_alone(self, team, server, answer):
        """It costs no mail an attempt, however long it lasts."""
        pk = begun(team, *many(5))
        server.does["MAIL"] = answer
        for asked in range(1, MOST_ATTEMPTS + 2):
            work(team)
            assert server.reached.count("MAIL") == asked
            time_passes(team, hours=2)
        assert {(row.status, row.attempts) for row in rows(team)} == {("queued", 0)}
        assert answer[4:] in shown(team.mona, pk)["problem"]
        server.does.clear()
        work(team)
        assert len(server.taken) == 5
        assert (shown(team.mona, pk)["status"], shown(team.mona, pk)["problem"]) == ("sent", "")

    def test_that_wants_nothing_for_days_is_left_to_people(self, team, server):
        pk = begun(team, "a@x.mx")
        server.does["MAIL"] = "550 quota exceeded"
        with tenant_scope(team.tenant.pk):
            Campaign.objects.update(troubles=99)
        work(team)
        assert shown(team.mona, pk)["status"] == "paused"
        assert "quota exceeded" in shown(team.mona, pk)["problem"]
        assert told(team.mona)[-1][0] == "campaign_paused"
        server.does.clear()
        time_passes(team, hours=2)
        act(team.mona, pk, "resume")
        work(team)
        assert (len(server.taken), shown(team.mona, pk)["status"]) == (1, "sent")

    def test_that_refuses_everybody_is_left_to_people(self, team, server):
        pk = begun(team, *many(30))
        server.does["RCPT"] = "550 we do not like you"
        work(team)
        assert (statuses(team).count("failed"), statuses(team).count("queued")) == (20, 10)
        assert shown(team.mona, pk)["status"] == "paused"
        server.does.clear()
        act(team.mona, pk, "resume")
        work(team)
        assert len(server.taken) == 10

    def test_that_refuses_a_mail_for_its_size_is_not_asked_again(self, team, server):
        server.does["MAIL"] = "552 too large"
        begun(team, "a@x.mx")
        work(team)
        assert statuses(team) == ["failed"]

    @pytest.mark.parametrize("answer", [CLOSE, "421 closing"])
    def test_that_always_hangs_up_at_one_keeps_nobody_waiting(self, team, server, answer):
        pk = begun(team, "a@x.mx", "b@x.mx")
        server.does["RCPT a@x.mx"] = answer
        for _ in range(MOST_ATTEMPTS + 1):
            work(team)
            time_passes(team, days=1)
        assert server.reached.count("RCPT a@x.mx") == MOST_ATTEMPTS
        assert statuses(team) == ["failed", "sent"]
        assert shown(team.mona, pk)["status"] == "sent"

    def test_that_hangs_up_at_everybody_costs_nobody_an_attempt(self, team, server):
        begun(team, *many(3))
        server.does["RCPT"] = CLOSE
        for _ in range(MOST_ATTEMPTS + 1):
            work(team)
            time_passes(team, days=1)
        server.does.clear()
        work(team)
        assert len(server.taken) == 3

    def test_that_answers_the_text_with_nonsense_may_have_taken_it(self, team, server):
        server.does["end"] = "garbage"
        begun(team, "a@x.mx")
        work(team)
        assert statuses(team) == ["unknown"]

    def test_that_answers_a_name_with_nonsense_is_asked_again(self, team, server):
        server.does["RCPT"] = "garbage"
        begun(team, "a@x.mx")
        work(team)
        server.does.clear()
        time_passes(team, minutes=5)
        work(team)
        assert (statuses(team), len(server.taken)) == (["sent"], 1)

    def test_that_puts_off_a_mail_of_a_campaign_called_off_gets_it_no_more(self, team, server):
        pk = begun(team, "a@x.mx")
        with tenant_scope(team.tenant.pk):
            hand = claims.claim(Campaign.objects.get(), most=10, at=timezone.now())
            assert hand.begin(*hand.ids)
            act(team.mona, pk, "cancel")
            hand.settle(*hand.ids, "queued", answer="451 not now")
        assert statuses(team) == ["skipped"]

    def test_that_never_has_time_is_given_up(self, team, server):
        server.does["RCPT"] = "450 busy"
        pk = begun(team, "a@x.mx")
        for _ in range(MOST_ATTEMPTS):
            assert statuses(team) == ["queued"]
            work(team)
            time_passes(team, days=1)
        assert statuses(team) == ["failed"]
        work(team)
        assert shown(team.mona, pk)["status"] == "failed"
        assert server.reached.count("RCPT") == MOST_ATTEMPTS


class TestWorkers:
    @pytest.mark.django_db(transaction=True)
    def test_side_by_side_send_each_mail_once(self, team, settings, monkeypatch):
        monkeypatch.setattr("sales.mass_mail.delivering.AT_ONCE", 5)
        pk = to_send(team, *many(60))
        act(team.mona, pk, "send")  # in tests they are sent at once
        with tenant_scope(team.tenant.pk):
            CampaignRecipient.objects.update(status="queued", attempts=0, due_at=timezone.now())
            Campaign.objects.update(status="sending", sent_at=None)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        with running() as server:
            settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
            at_once(*[lambda: work(team)] * 4)
            assert sorted(letter["To"] for letter in server.taken) == many(60)
        assert shown(team.mona, pk)["status"] == "sent"
        assert [each[0] for each in told(team.mona)].count("campaign_sent") == 1

    @pytest.mark.django_db(transaction=True)
    def test_asked_twice_at_once_begin_once(self, team):
        pk = to_send(team, *many(5))
        answers = at_once(*[lambda: team.mona.post(f"{CAMPAIGNS}/{pk}/send").status_code] * 3)
        assert sorted(answers) == [200, 409, 409]
        assert len(outbox.outbox) == 5

    def test_believed_dead_find_that_the_mail_is_not_theirs(self, team):
        begun(team, "a@x.mx")
        with tenant_scope(team.tenant.pk):
            campaign = Campaign.objects.get()
            hand = claims.claim(campaign, most=10, at=timezone.now())
            time_passes(team, minutes=5)
            assert len(work(team)) == 1
            assert not hand.begin(*hand.ids)
        assert statuses(team) == ["sent"]

    def test_that_died_in_the_middle_leave_one_unknown(self, team):
        pk = begun(team, "a@x.mx", "b@x.mx")
        with tenant_scope(team.tenant.pk):
            hand = claims.claim(Campaign.objects.get(), most=10, at=timezone.now())
            assert hand.begin(min(hand.ids))
        assert work(team) == []  # both are somebody's still
        time_passes(team, minutes=11)
        work(team)
        assert statuses(team) == ["unknown", "sent"]
        assert shown(team.mona, pk)["status"] == "sent"

    def test_whose_database_crashed_send_nothing_twice_that_it_may_have_forgotten(self, team):
        """A crash of PostgreSQL loses its last moment, and empties `sales_unbroken`."""
        begun(team, "a@x.mx", "b@x.mx")
        with tenant_scope(team.tenant.pk):
            claims.claim(Campaign.objects.get(), most=1, at=timezone.now())
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE sales_unbroken")
        time_passes(team, minutes=5)
        assert [letter.to for letter in work(team)] == [["b@x.mx"]]
        assert statuses(team) == ["unknown", "sent"]

    def test_that_died_before_the_end_was_noted_leave_it_to_the_sweep(self, team):
        pk = begun(team, "a@x.mx")
        with tenant_scope(team.tenant.pk):
            CampaignRecipient.objects.update(status="sent", sent_at=timezone.now())
        work(team)
        assert shown(team.mona, pk)["status"] == "sent"


class TestPace:
    def test_is_kept_by_all_campaigns_of_a_tenant(self, team):
        Tenant.objects.filter(pk=team.tenant.pk).update(campaign_mails_per_minute=3)
        begun(team, *many(5))
        begun(team, *many(5))
        for _ in range(3):
            assert len(work(team)) == 3
        for minute in range(2, 5):
            with tenant_scope(team.tenant.pk):
                MailPace.objects.update(window_at=timezone.now() - timedelta(minutes=1))
            assert len(work(team)) == min(3 * minute, 10)

    def test_is_shared_by_workers(self, team):
        with tenant_scope(team.tenant.pk):
            at = timezone.now()
            took = [take_turns(200, limit=500, at=at)[0] for _ in range(4)]
            assert took == [200, 200, 100, 0]
            assert take_turns(9, limit=None, at=at)[0] == 9
            assert take_turns(9, limit=100, at=at)[0] == 0  # it was lowered meanwhile

    def test_begins_anew_when_the_clock_was_put_back(self, team):
        with tenant_scope(team.tenant.pk):
            at = timezone.now()
            take_turns(100, limit=100, at=at + timedelta(hours=1))
            assert take_turns(9, limit=100, at=at)[0] == 9

    def test_is_a_setting_of_the_tenant(self, team):
        answer = team.ada.put("/api/v1/tenant", {"campaign_mails_per_minute": 60})
        assert answer.json()["data"]["campaign_mails_per_minute"] == 60
        bad = team.ada.put("/api/v1/tenant", {"campaign_mails_per_minute": -1})
        assert bad.status_code == 422
