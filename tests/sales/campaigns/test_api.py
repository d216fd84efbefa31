"""`/api/v1/campaigns`: written, scheduled, sent, stopped; who may."""

from __future__ import annotations

import pytest
from django.core import mail as outbox

from accounts.models import WebhookDelivery
from accounts.webhooks.services import create_endpoint
from core.tenancy import tenant_scope
from sales.campaigns.tasks import start_due
from sales.models import Campaign
from tests.accounts.notifications.told import told
from tests.sales.campaigns.campaigns_of import (
    CAMPAIGNS,
    act,
    campaign,
    due,
    later,
    people,
    segment,
    sent,
    shown,
    statuses,
    time_passes,
    to_send,
    work,
)


def errors(answer):
    assert answer.status_code == 422, answer.content
    return answer.json()["errors"]


class TestCreate:
    def test_needs_a_name_alone(self, team):
        made = campaign(team.mona, subject=None, content=None)
        assert (made["status"], made["stats"], made["sent_at"]) == ("draft", None, None)
        assert set(errors(team.mona.post(CAMPAIGNS, {"subject": "x"}))) == {"name"}

    def test_as_the_contract_shows_it(self, team):
        wanted = segment(team, people(team, "a@x.mx"))
        made = campaign(
            team.mona,
            name="Newsletter Abril 2025",
            subject="Novedades y promociones de abril",
            content="Hola!\nEstas son nuestras novedades...",
            segment_id=wanted.pk,
            scheduled_at="2025-04-20T09:00:00Z",
        )
        assert made["segment_name"] == "Norte"
        assert made["scheduled_at"] == "2025-04-20T09:00:00.000000Z"
        assert made["status"] == "draft"

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", ""),
            ("name", "x" * 256),
            ("name", "a\0b"),
            ("name", {"a": 1}),
            ("subject", "x" * 201),
            ("subject", "{{ salary }}"),
            ("subject", "{{ unsubscribe_url }}"),
            ("subject", "{{ first_name"),
            ("preheader", "{{ x.y }}"),
            ("content", "x" * 200_001),
            ("content", "<p>{{ password }}</p>"),
            ("content", "<p>{{ first_name|upper|lower }}</p>"),
            ("content", "<p>{{ first_name.__class__ }}</p>"),
            ("content", "<p>{<b>{ salary }}</b></p>"),
            ("content", ["x"]),
            ("segment_id", 10**19),
            ("segment_id", "x"),
            ("segment_id", True),
            ("scheduled_at", "tomorrow"),
        ],
    )
    def test_refuses_what_cannot_be_mailed(self, team, field, value):
        given = {"name": "Abril", field: value}
        assert set(errors(team.mona.post(CAMPAIGNS, given))) == {field}
        with tenant_scope(team.tenant.pk):
            assert not Campaign.objects.exists()

    def test_names_the_placeholder_that_is_none(self, team):
        (words,) = errors(team.mona.post(CAMPAIGNS, {"name": "x", "subject": "{{ salary }}"}))[
            "subject"
        ]
        assert "{{ salary }}" in words
        assert "first_name" in words

    def test_knows_no_segment_of_another_tenant(self, team, rivals):
        theirs = segment(rivals, [])
        answer = team.mona.post(CAMPAIGNS, {"name": "x", "segment_id": theirs.pk})
        assert set(errors(answer)) == {"segment_id"}


class TestContent:
    @pytest.mark.parametrize(
        ("html", "kept"),
        [
            ("<script>alert(1)</script><p>a</p>", "<p>a</p>"),
            ('<p onclick="x()">a</p>', "<p>a</p>"),
            ('<a href="javascript:alert(1)">a</a>', "<a>a</a>"),
            ('<a href="data:text/html,x">a</a>', "<a>a</a>"),
            ('<a href="/admin/">a</a>', "<a>a</a>"),
            ('<a href="//evil.test">a</a>', "<a>a</a>"),
            ('<a href="https://{{ first_name }}.test/">a</a>', "<a>a</a>"),
            ('<a href="https://x.mx@{{ first_name }}/">a</a>', "<a>a</a>"),
            ('<a href="tel:+5255">a</a>', '<a href="tel:+5255">a</a>'),
            ('<form action="https://x.mx"><input name="p">a</form>', "a"),
            ('<iframe src="https://x.mx"></iframe>a', "a"),
            ('<img src="x" onerror="alert(1)">', "<img>"),
            ('<p style="position:fixed;color:red">a</p>', '<p style="color:red">a</p>'),
            ("<style>p{}</style><p>a</p>", "<p>a</p>"),
            ("<p>a<!-- {{ secret }} --></p>", "<p>a</p>"),
        ],
    )
    def test_keeps_only_what_may_be_mailed(self, team, html, kept):
        assert campaign(team.mona, content=html)["content"] == kept

    def test_keeps_what_mails_are_made_of(self, team):
        html = (
            '<table role="presentation" width="100%"><tbody><tr><td style="padding:8px">'
            '<a href="https://x.mx/?e={{ email }}">a</a><img src="https://x.mx/a.png" alt="b">'
            '<a href="{{ unsubscribe_url }}">baja</a></td></tr></tbody></table>'
        )
        assert campaign(team.mona, content=html)["content"] == html

    @pytest.mark.parametrize(
        "name",
        [
            *("background-color", "border-left", "border-radius", "color", "font", "font-family"),
            *("font-size", "font-weight", "letter-spacing", "line-height", "list-style", "margin"),
            *("margin-bottom", "margin-top", "max-width", "padding", "padding-left", "text-align"),
            *("text-decoration", "vertical-align", "width", "word-break"),
        ],
    )
    def test_keeps_how_it_looks(self, team, name):
        html = f'<p style="{name}:inherit">a</p>'
        assert campaign(team.mona, content=html)["content"] == html


class TestChange:
    def test_changes_what_is_sent_and_nothing_else(self, team):
        pk = to_send(team, "a@x.mx")
        before = shown(team.mona, pk)
        answer = team.mona.put(f"{CAMPAIGNS}/{pk}", {"subject": "Ofertas"})
        after = answer.json()["data"]
        changed = {name for name in after if after[name] != before[name]}
        assert changed == {"subject", "updated_at"}

    def test_of_a_scheduled_one_must_leave_it_whole(self, team):
        pk = to_send(team, "a@x.mx", scheduled_at=later(days=1))
        act(team.mona, pk, "schedule")
        assert set(errors(team.mona.put(f"{CAMPAIGNS}/{pk}", {"content": ""}))) == {"content"}
        assert shown(team.mona, pk)["content"]

    def test_takes_the_time_of_a_scheduled_one_away(self, team):
        pk = to_send(team, "a@x.mx", scheduled_at=later(days=1))
        act(team.mona, pk, "schedule")
        answer = team.mona.put(f"{CAMPAIGNS}/{pk}", {"scheduled_at": None})
        assert answer.json()["data"]["status"] == "draft"

    def test_of_what_somebody_changed_meanwhile_is_412(self, team):
        pk = to_send(team, "a@x.mx")
        tag = team.mona.get(f"{CAMPAIGNS}/{pk}")["ETag"]
        team.ada.put(f"{CAMPAIGNS}/{pk}", {"name": "Mayo"})
        answer = team.mona.put(f"{CAMPAIGNS}/{pk}", {"name": "x"}, HTTP_IF_MATCH=tag)
        assert answer.status_code == 412

    @pytest.mark.parametrize("method", ["put", "delete"])
    def test_of_a_sent_one_is_409(self, team, method):
        pk = sent(team, "a@x.mx")
        answer = getattr(team.mona, method)(f"{CAMPAIGNS}/{pk}", {"name": "x"})
        assert answer.status_code == 409
        assert "sent" in answer.json()["message"]


class TestDelete:
    def test_takes_drafts_alone(self, team):
        pk = to_send(team, "a@x.mx", scheduled_at=later(days=1))
        act(team.mona, pk, "schedule")
        assert team.mona.delete(f"{CAMPAIGNS}/{pk}").status_code == 409
        pk = campaign(team.mona)["id"]
        assert team.mona.delete(f"{CAMPAIGNS}/{pk}").status_code == 200
        assert team.mona.get(f"{CAMPAIGNS}/{pk}").status_code == 404


class TestList:
    def test_is_filtered_by_status(self, team, django_assert_max_num_queries):
        first, second = sent(team, "a@x.mx"), campaign(team.mona)["id"]
        for status, found in (("draft", [second]), ("sent", [first]), ("paused", [])):
            answer = team.victor.get(CAMPAIGNS, {"status": status}).json()
            assert [row["id"] for row in answer["data"]] == found
        assert set(errors(team.mona.get(CAMPAIGNS, {"status": "x"}))) == {"status"}
        with django_assert_max_num_queries(6):
            data = team.victor.get(CAMPAIGNS).json()["data"]
        six = {"recipients": 1, "sent": 1, "failed": 0, "opened": 0, "clicked": 0}
        assert data[1]["stats"] == {**six, "unsubscribed": 0}
        assert (data[0]["stats"], data[0]["sent_at"]) == (None, None)

    def test_has_nothing_of_another_tenant(self, team, rivals):
        pk = sent(team, "a@x.mx")
        assert rivals.ada.get(CAMPAIGNS).json()["data"] == []
        for method, path in (("get", ""), ("put", ""), ("get", "/recipients"), ("post", "/send")):
            answer = getattr(rivals.ada, method)(f"{CAMPAIGNS}/{pk}{path}", {})
            assert answer.status_code == 404


class TestSend:
    def test_needs_subject_content_and_segment(self, team):
        pk = campaign(team.mona, subject="", content="")["id"]
        answer = team.mona.post(f"{CAMPAIGNS}/{pk}/send")
        assert set(errors(answer)) == {"subject", "content", "segment_id"}

    def test_needs_somebody_who_gets_it(self, team):
        pk = campaign(team.mona, segment_id=segment(team, people(team, "")).pk)["id"]
        assert set(errors(team.mona.post(f"{CAMPAIGNS}/{pk}/send"))) == {"segment_id"}
        assert shown(team.mona, pk)["status"] == "draft"

    def test_twice_is_409_and_sends_once(self, team):
        pk = sent(team, "a@x.mx")
        assert team.mona.post(f"{CAMPAIGNS}/{pk}/send").status_code == 409
        assert len(work(team)) == 1

    def test_tells_who_wrote_it(self, team):
        pk = sent(team, "a@x.mx", "b@x.mx")
        data = shown(team.mona, pk)
        assert (data["status"], data["stats"]["sent"]) == ("sent", 2)
        assert data["sent_at"]
        assert told(team.mona)[-1][0] == "campaign_sent"
        assert "2" in told(team.mona)[-1][1]

    def test_tells_the_tenants_own_systems(self, team):
        with tenant_scope(team.tenant.pk):
            create_endpoint(url="https://hooks.acme.test/", events=["campaign.sent"])
        pk = sent(team, "a@x.mx")
        with tenant_scope(team.tenant.pk):
            (told_of,) = WebhookDelivery.objects.filter(event="campaign.sent")
        assert (told_of.object_id, told_of.data["stats"]["sent"]) == (pk, 1)


class TestSchedule:
    def test_needs_a_time_to_come(self, team):
        pk = to_send(team, "a@x.mx")
        assert set(errors(team.mona.post(f"{CAMPAIGNS}/{pk}/schedule"))) == {"scheduled_at"}
        body = {"scheduled_at": "2025-04-20T09:00:00Z"}
        answer = team.mona.post(f"{CAMPAIGNS}/{pk}/schedule", body)
        assert set(errors(answer)) == {"scheduled_at"}

    def test_sends_when_it_is_time_and_once(self, team):
        pk = to_send(team, "a@x.mx")
        act(team.mona, pk, "schedule", {"scheduled_at": later(hours=1)})
        assert start_due() == 0
        time_passes(team, minutes=61)
        assert start_due() == 1
        assert start_due() == 0
        assert len(work(team)) == 1
        assert shown(team.mona, pk)["status"] == "sent"

    def test_fails_when_its_segment_was_deleted(self, team):
        pk = to_send(team, "a@x.mx")
        act(team.mona, pk, "schedule", {"scheduled_at": later(hours=1)})
        team.mona.delete(f"/api/v1/segments/{shown(team.mona, pk)['segment_id']}")
        with tenant_scope(team.tenant.pk):
            Campaign.objects.update(segment=None)
        time_passes(team, minutes=61)
        assert start_due() == 0
        assert shown(team.mona, pk)["status"] == "failed"
        assert shown(team.mona, pk)["problem"]
        assert told(team.mona)[-1][0] == "campaign_failed"

    def test_is_called_off(self, team):
        pk = to_send(team, "a@x.mx")
        act(team.mona, pk, "schedule", {"scheduled_at": later(hours=1)})
        assert act(team.mona, pk, "cancel")["status"] == "cancelled"
        time_passes(team, minutes=61)
        assert start_due() == 0
        assert outbox.outbox == []


class TestStop:
    def test_pauses_and_goes_on(self, team):
        pk = to_send(team, "a@x.mx", "b@x.mx")
        act(team.mona, pk, "send")
        assert act(team.mona, pk, "pause")["status"] == "paused"
        assert due(team) == []
        assert work(team) == []
        assert team.mona.post(f"{CAMPAIGNS}/{pk}/pause").status_code == 409
        act(team.mona, pk, "resume")
        assert len(work(team)) == 2

    def test_calls_off_what_has_not_left(self, team):
        pk = to_send(team, "a@x.mx", "b@x.mx")
        act(team.mona, pk, "send")
        assert act(team.mona, pk, "cancel")["status"] == "cancelled"
        assert work(team) == []
        assert statuses(team) == ["skipped", "skipped"]
        assert team.mona.post(f"{CAMPAIGNS}/{pk}/resume").status_code == 409


class TestTestMail:
    def test_goes_to_a_colleague_as_a_contact_would_get_it(self, team):
        (maria,) = people(team, "maria@x.mx")
        pk = campaign(team.mona)["id"]
        act(team.mona, pk, "test", {"email": team.bob.user.email, "contact_id": maria.pk})
        (letter,) = outbox.outbox
        assert letter.to == [team.bob.user.email]
        assert "Maria 1" in letter.subject
        assert "https://shop.test/sale" in letter.body
        assert "/m/c/" not in letter.body

    def test_goes_to_oneself_when_nobody_is_named(self, team):
        act(team.mona, campaign(team.mona)["id"], "test")
        assert outbox.outbox[0].to == [team.mona.user.email]

    def test_goes_to_nobody_else(self, team, rivals):
        pk = campaign(team.mona)["id"]
        for body in (
            {"email": "stranger@x.mx"},
            {"email": rivals.ada.user.email},
            {"user_id": rivals.ada.id},
            {"contact_id": 1},
        ):
            errors(team.mona.post(f"{CAMPAIGNS}/{pk}/test", body))
        assert outbox.outbox == []

    def test_needs_something_to_say(self, team):
        pk = campaign(team.mona, content="")["id"]
        assert set(errors(team.mona.post(f"{CAMPAIGNS}/{pk}/test"))) == {"content"}


class TestRecipients:
    def test_are_paged_and_filtered_by_status(self, team):
        pk = sent(team, "a@x.mx", "b@x.mx", "c@x.mx")
        page = team.mona.get(f"{CAMPAIGNS}/{pk}/recipients", {"per_page": 2, "sort": "id"}).json()
        assert [row["email"] for row in page["data"]] == ["a@x.mx", "b@x.mx"]
        assert page["meta"]["total"] == 3
        assert page["data"][0]["name"] == "Maria 1 Lopez"
        failed = team.mona.get(f"{CAMPAIGNS}/{pk}/recipients", {"status": "failed"}).json()
        assert failed["data"] == []
        bad = team.mona.get(f"{CAMPAIGNS}/{pk}/recipients", {"status": "x"})
        assert set(errors(bad)) == {"status"}

    def test_are_those_whom_the_caller_sees(self, team):
        mine, other = people(team, "a@x.mx", "b@x.mx")
        mine.owner_id = team.alice.id
        with tenant_scope(team.tenant.pk):
            mine.save()
        pk = campaign(team.mona, segment_id=segment(team, [mine, other]).pk)["id"]
        act(team.mona, pk, "send")
        page = team.alice.get(f"{CAMPAIGNS}/{pk}/recipients").json()
        assert [row["email"] for row in page["data"]] == ["a@x.mx"]
        assert shown(team.alice, pk)["stats"]["recipients"] == 2
