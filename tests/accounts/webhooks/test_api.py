from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import WebhookDelivery, WebhookEndpoint
from accounts.webhooks.outbox import emit
from core.tenancy import tenant_scope
from tests.people import Team
from tests.staff import errors_of, filled_in, messages_of, signed_in

PATH = "/api/v1/webhooks"
HOOK = {"url": "https://hooks.acme.test/in", "events": ["contact.created", "contact.updated"]}


def made(team: Team, **given) -> dict:
    answer = team.ada.post(PATH, {**HOOK, **given})
    assert answer.status_code == 201
    return answer.json()["data"]


def happens(team: Team, *ids: int) -> None:
    with tenant_scope(team.tenant.pk):
        emit({"contact.created": lambda: [{"id": pk} for pk in ids]})


class TestEndpoint:
    def test_shows_its_secret_once(self, team):
        new = made(team)
        assert new["secret"].startswith("whsec_")
        for answer in (team.ada.get(f"{PATH}/{new['id']}"), team.ada.get(PATH)):
            assert new["secret"] not in answer.content.decode()

    def test_can_be_changed_switched_off_and_deleted(self, team):
        pk = made(team)["id"]
        shown = team.ada.put(f"{PATH}/{pk}", {"is_active": False}).json()["data"]
        assert (shown["is_active"], shown["events"]) == (False, HOOK["events"])
        shown = team.ada.put(f"{PATH}/{pk}", {"events": ["prospect.moved"]}).json()["data"]
        assert (shown["url"], shown["events"]) == (HOOK["url"], ["prospect.moved"])
        happens(team, 1)
        assert team.ada.delete(f"{PATH}/{pk}").status_code == 200
        assert team.ada.get(f"{PATH}/{pk}").status_code == 404

    def test_gets_a_new_secret(self, team):
        old = made(team)
        new = team.ada.post(f"{PATH}/{old['id']}/secret").json()["data"]["secret"]
        assert new != old["secret"]

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            *(("url", value) for value in ("", None, "x", "http://10.0.0.1/", "x" * 501, "a\x00")),
            *(("events", value) for value in ([], None, "contact.created", ["no.such"], [5], [""])),
            *(("events", value) for value in (["contact.created"] * 101, [["x"]], ["\x00"])),
            *(("is_active", value) for value in ("maybe", None, [])),
        ],
    )
    def test_refuses_nonsense_and_writes_nothing(self, team, field, value):
        answer = team.ada.post(PATH, {**HOOK, field: value})
        assert answer.status_code == 422
        assert any(name.startswith(field) for name in answer.json()["errors"])
        with tenant_scope(team.tenant.pk):
            assert not WebhookEndpoint.objects.exists()

    def test_is_one_of_twenty_at_most(self, team):
        for _number in range(20):
            made(team)
        assert team.ada.post(PATH, HOOK).status_code == 409

    def test_is_told_what_can_be_told(self, team):
        names = {each["name"] for each in team.ada.get(f"{PATH}/events").json()["data"]}
        assert names >= {"prospect.created", "prospect.moved", "company.created", *HOOK["events"]}

    def test_is_of_its_tenant(self, team, rivals):
        pk = made(team)["id"]
        for answer in (
            rivals.ada.get(f"{PATH}/{pk}"),
            rivals.ada.put(f"{PATH}/{pk}", {"is_active": False}),
            rivals.ada.delete(f"{PATH}/{pk}"),
            rivals.ada.post(f"{PATH}/{pk}/secret"),
            rivals.ada.get(f"{PATH}/{pk}/deliveries"),
        ):
            assert answer.status_code == 404


class TestDeliveries:
    def test_are_listed_the_latest_first(self, team, django_assert_num_queries):
        pk = made(team)["id"]
        happens(team, 1, 2, 3)
        with django_assert_num_queries(4):  # who is it, which endpoint, how many, the page
            rows = team.ada.get(f"{PATH}/{pk}/deliveries").json()["data"]
        assert [row["data"]["id"] for row in rows] == [3, 2, 1]
        assert rows[0]["message_id"] == f"msg_{rows[0]['id']}"
        assert team.ada.get(f"{PATH}/{pk}/deliveries?status=sent").json()["data"] == []
        assert team.ada.get(f"{PATH}/{pk}/deliveries?status=lost").status_code == 422

    def test_can_be_sent_again_by_their_endpoint(self, team):
        pk, other = made(team)["id"], made(team, events=["prospect.moved"])["id"]
        happens(team, 1)
        with tenant_scope(team.tenant.pk):
            WebhookDelivery.objects.update(status="failed", attempts=20)
            told = WebhookDelivery.objects.get().pk
        assert team.ada.post(f"{PATH}/{other}/deliveries/{told}/replay").status_code == 404
        again = team.ada.post(f"{PATH}/{pk}/deliveries/{told}/replay").json()["data"]
        assert (again["status"], again["attempts"]) == ("pending", 0)
        team.ada.put(f"{PATH}/{pk}", {"is_active": False})
        assert team.ada.post(f"{PATH}/{pk}/deliveries/{told}/replay").status_code == 409


class TestBackOffice:
    ADD = "admin:accounts_webhookendpoint_add"

    def test_makes_one_and_shows_its_secret_once(self, team):
        browser = signed_in(team.ada.user)
        form = browser.get(reverse(self.ADD))
        page = browser.post(reverse(self.ADD), filled_in(form, **HOOK), follow=True)
        with tenant_scope(team.tenant.pk):
            new = WebhookEndpoint.objects.get()
        assert new.events == HOOK["events"]
        assert new.secret in messages_of(page)
        change = reverse("admin:accounts_webhookendpoint_change", args=(new.pk,))
        page = browser.get(change)
        assert new.secret not in page.content.decode()
        sent = filled_in(page, events=["prospect.moved"], is_active="")
        browser.post(change, sent)
        with tenant_scope(team.tenant.pk):
            changed = WebhookEndpoint.objects.get()
        assert (changed.events, changed.is_active) == (["prospect.moved"], False)
        renew = reverse("admin:accounts_webhookendpoint_new_secret", args=(new.pk,))
        assert browser.get(renew).status_code == 200
        with tenant_scope(team.tenant.pk):
            assert WebhookEndpoint.objects.get().secret == new.secret
        browser.post(renew)
        with tenant_scope(team.tenant.pk):
            assert WebhookEndpoint.objects.get().secret != new.secret

    def test_says_beside_the_form_what_is_wrong(self, team):
        browser = signed_in(team.ada.user)
        form = browser.get(reverse(self.ADD))
        page = browser.post(
            reverse(self.ADD), filled_in(form, **{**HOOK, "url": "http://127.0.0.1/"})
        )
        assert "url" in errors_of(page)

    def test_sends_again_what_is_selected(self, team):
        made(team)
        happens(team, 1, 2)
        with tenant_scope(team.tenant.pk):
            WebhookDelivery.objects.update(status="failed")
            ids = list(WebhookDelivery.objects.values_list("pk", flat=True))
        path = reverse("admin:accounts_webhookdelivery_changelist")
        sent = {"action": "send_again", "_selected_action": ids}
        page = signed_in(team.ada.user).post(path, sent, follow=True)
        assert "2" in messages_of(page)

    @pytest.mark.parametrize("model", ["webhookendpoint", "webhookdelivery"])
    def test_is_for_admins(self, team, model):
        path = reverse(f"admin:accounts_{model}_changelist")
        assert signed_in(team.ada.user).get(path).status_code == 200
        assert signed_in(team.mona.user).get(path).status_code == 403
