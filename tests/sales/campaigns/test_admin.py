"""Campaigns in the back office: written, looked at, sent after a question."""

from __future__ import annotations

import pytest
from django.core import mail as outbox
from django.urls import reverse

from core.tenancy import tenant_scope
from sales.mass_mail.suppressed import suppress
from sales.models import Campaign, SuppressedAddress
from tests.sales.campaigns.campaigns_of import (
    act,
    people,
    segment,
    sent,
    shown,
    statuses,
    to_send,
    work,
)
from tests.staff import errors_of, filled_in, messages_of, signed_in


def page(name, *args):
    return reverse(f"admin:sales_campaign_{name}", args=args)


@pytest.fixture
def mona(team):
    return signed_in(team.mona.user)


class TestEditor:
    def test_keeps_what_is_written(self, team, mona):
        wanted = segment(team, people(team, "a@x.mx"))
        form = mona.get(page("add"))
        html = "<p onclick='x'>Hola</p><script>alert(1)</script>"
        texts = {"name": "Mayo", "subject": "Hola {{ city|ahí }}", "content": html}
        answer = mona.post(page("add"), filled_in(form, segment=wanted.pk, **texts))
        assert answer.status_code == 302
        with tenant_scope(team.tenant.pk):
            made = Campaign.objects.get()
        assert (made.content, made.created_by_id) == ("<p>Hola</p>", team.mona.id)
        form = mona.get(page("change", made.pk))
        mona.post(page("change", made.pk), filled_in(form, name="Junio"))
        assert shown(team.mona, made.pk)["name"] == "Junio"

    def test_shows_the_placeholder_that_is_none_beside_the_field(self, team, mona):
        form = mona.get(page("add"))
        answer = mona.post(page("add"), filled_in(form, name="x", content="{{ salary }}"))
        assert "{{ salary }}" in str(errors_of(answer)["content"])

    def test_of_a_sent_one_is_read_only(self, team, mona):
        pk = sent(team, "a@x.mx")
        answer = mona.get(page("change", pk))
        assert 'name="content"' not in answer.content.decode()
        assert mona.post(page("delete", pk), {"post": "yes"}).status_code == 403

    def test_is_not_for_salespeople(self, team):
        pk = sent(team, "a@x.mx")
        alice = signed_in(team.alice.user)
        assert alice.get(page("change", pk)).status_code == 200
        assert alice.get(page("add")).status_code == 403
        for name in ("send", "pause", "cancel_it", "test"):
            assert alice.post(page(name, pk)).status_code in (302, 403)
        assert shown(team.mona, pk)["status"] == "sent"


class TestPreview:
    def test_is_the_mail_of_a_chosen_contact_in_which_nothing_runs(self, team, mona):
        evil = people(team, "a@x.mx", first_name="<script>alert(1)</script>")
        pk = to_send(team)
        with tenant_scope(team.tenant.pk):
            Campaign.objects.update(segment=segment(team, evil))
        answer = mona.get(page("preview", pk), {"contact": evil[0].pk})
        text = answer.content.decode()
        assert "&lt;script&gt;alert(1)&lt;/script&gt;, " in text
        assert "<script" not in text
        assert answer["Content-Security-Policy"].startswith("sandbox;")
        assert answer["X-Frame-Options"] == "SAMEORIGIN"
        assert "Ana" in mona.get(page("preview", pk), {"contact": "9' OR 1=1"}).content.decode()

    def test_is_not_for_other_tenants(self, team, rivals):
        pk = to_send(team, "a@x.mx")
        assert signed_in(rivals.ada.user).get(page("preview", pk)).status_code == 404


class TestSending:
    def test_asks_first_and_says_to_how_many(self, team, mona):
        with tenant_scope(team.tenant.pk):
            suppress(address="no@x.mx", reason="bounced")
        pk = to_send(team, "a@x.mx", "A@x.mx", "b@x.mx", "no@x.mx", "")
        answer = mona.get(page("send", pk))
        assert "2 personas" in answer.content.decode()
        assert shown(team.mona, pk)["status"] == "draft"

    def test_by_a_double_click_sends_once(self, team, mona):
        pk = to_send(team, "a@x.mx")
        mona.post(page("send", pk))
        again = mona.post(page("send", pk), follow=True)
        assert "Enviando" in messages_of(again)
        work(team)
        assert len(outbox.outbox) == 1

    def test_is_paused_resumed_and_called_off(self, team, mona):
        pk = to_send(team, "a@x.mx")
        act(team.mona, pk, "send")
        steps = {"pause": "paused", "resume": "sending", "cancel_it": "cancelled"}
        for name, status in steps.items():
            mona.post(page(name, pk))
            assert shown(team.mona, pk)["status"] == status
        assert statuses(team) == ["skipped"]

    def test_is_tried_by_a_mail_to_a_colleague(self, team, mona):
        pk = to_send(team, "a@x.mx")
        mona.post(page("test", pk), {"to": team.bob.id})
        assert outbox.outbox[0].to == [team.bob.user.email]

    def test_is_scheduled_for_a_time_to_come(self, team, mona):
        pk = to_send(team, "a@x.mx")
        url = page("schedule", pk)
        past = {"scheduled_at_0": "01/01/2020", "scheduled_at_1": "09:00"}
        assert errors_of(mona.post(url, past))["scheduled_at"]
        mona.post(url, {**past, "scheduled_at_0": "01/01/2099"})
        assert shown(team.mona, pk)["status"] == "scheduled"


class TestSuppressedAddresses:
    def test_are_added_by_hand_and_allowed_again_with_a_reason(self, team, mona):
        base = "admin:sales_suppressedaddress"
        form = mona.get(reverse(f"{base}_add"))
        given = filled_in(form, address=" NO@x.mx", note="Por teléfono")
        assert mona.post(reverse(f"{base}_add"), given).status_code == 302
        again = mona.post(reverse(f"{base}_add"), given)
        assert again.status_code == 200
        assert "Esta dirección ya está suprimida." in again.content.decode()
        wrong = mona.post(reverse(f"{base}_add"), {**given, "address": "a@@x"})
        assert "Esto no es un correo." in wrong.content.decode()
        with tenant_scope(team.tenant.pk):
            row = SuppressedAddress.objects.get()
        assert (row.address, row.reason, row.created_by_id) == ("no@x.mx", "by_hand", team.mona.id)
        allow = reverse(f"{base}_allow", args=(row.pk,))
        assert errors_of(mona.post(allow, {"note": ""}))["note"]
        mona.post(allow, {"note": "Lo pidió"})
        row.refresh_from_db()
        assert (row.ended_by_id, row.ended_note) == (team.mona.id, "Lo pidió")
        assert mona.post(reverse(f"{base}_add"), given).status_code == 302

    def test_are_not_for_who_sees_only_some_people(self, team):
        alice = signed_in(team.alice.user)
        url = reverse("admin:sales_suppressedaddress_changelist")
        assert alice.get(url).status_code == 403
