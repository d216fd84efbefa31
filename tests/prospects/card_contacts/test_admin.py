from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.urls import reverse
from django.utils import timezone

from core.tenancy import tenant_scope
from prospects.followups.services import add_note
from prospects.sharing.services import share_prospect
from tests.prospects.card_contacts.people_of import JANE, again, people_of
from tests.prospects.cards_of import card
from tests.staff import errors_of, filled_in, messages_of, signed_in

LIST = "admin:prospects_contact_changelist"


def page(name, *args, model="contact"):
    return reverse(f"admin:prospects_{model}_{name}", args=args)


@pytest.fixture
def acme(team):
    return card(team, owner=team.alice, company_name="Acme", name="John Doe", email="john@acme.com")


@pytest.fixture
def mona(team):
    return signed_in(team.mona.user)


class TestAPersonInTheBackOffice:
    def test_is_added_from_the_card(self, mona, acme):
        path = page("add") + f"?prospect={acme.pk}"
        tab = reverse("admin:prospects_prospect_part", args=(acme.pk, "contacts"))
        assert path in mona.get(tab).content.decode()
        sent = filled_in(mona.get(path), first_name="Jane", email="JANE@acme.com", phone="12")
        assert set(errors_of(mona.post(path, sent))) == {"phone"}
        sent["phone"] = "044 55 5987 6543"
        assert mona.post(path, sent).status_code == 302
        assert [(p.name, p.email, p.phone) for p in people_of(acme)] == [
            ("John Doe", "john@acme.com", ""),
            ("Jane", "jane@acme.com", "5559876543"),
        ]

    def test_takes_the_card_along_when_it_is_the_primary(self, mona, acme):
        (primary,) = people_of(acme)
        path = page("change", primary.pk)
        assert mona.post(path, filled_in(mona.get(path), last_name="Roe")).status_code == 302
        assert again(acme).name == "John Roe"

    def test_cannot_have_the_email_of_another_prospect(self, team, mona, acme):
        card(team, name="Other", email="taken@acme.com")
        (primary,) = people_of(acme)
        path = page("change", primary.pk)
        answer = mona.post(path, filled_in(mona.get(path), email="taken@acme.com"))
        assert "email" in errors_of(answer)
        assert again(acme).email == "john@acme.com"

    def test_is_deleted_and_brought_back(self, team, mona, acme):
        team.alice.post(f"/prospects/{acme.pk}/contacts", JANE)
        primary, jane = people_of(acme)
        mona.post(page("delete", primary.pk), {"post": "yes"})
        assert again(primary).deleted_at is None
        assert mona.post(page("delete", jane.pk), {"post": "yes"}).status_code == 302
        assert people_of(acme) == [primary]
        assert "jane@acme.com" not in mona.get(reverse(LIST)).content.decode()
        assert "jane@acme.com" in mona.get(reverse(LIST), {"deleted": "yes"}).content.decode()
        assert mona.get(page("change", jane.pk)).status_code == 200
        chosen = {"action": "restore", ACTION_CHECKBOX_NAME: [jane.pk]}
        answer = mona.post(reverse(LIST) + "?deleted=yes", chosen, follow=True)
        assert "Jane Smith" in messages_of(answer)
        assert people_of(acme) == [primary, jane]

    def test_who_is_the_last_trace_of_a_card_stays(self, team, mona):
        made = card(team, name="Only Person")
        (primary,) = people_of(made)
        answer = mona.post(page("delete", primary.pk), {"post": "yes"}, follow=True)
        assert "delete the prospect" in messages_of(answer)
        assert again(primary).deleted_at is None

    def test_is_out_of_sight_with_the_card(self, team, rivals, acme):
        (primary,) = people_of(acme)
        for outsider in (team.bob, rivals.ada):
            browser = signed_in(outsider.user)
            assert browser.get(page("change", primary.pk)).status_code == 404
            assert "John" not in browser.get(reverse(LIST)).content.decode()


class TestANoteInTheBackOffice:
    @pytest.fixture
    def planned(self, team, acme):
        at = timezone.now()
        with tenant_scope(team.tenant.pk):
            return add_note(
                prospect_id=acme.pk,
                note="Call",
                by=None,
                at=at,
                scheduled_at=at + timedelta(days=3),
            )

    def test_is_planned_anew(self, mona, acme, planned):
        path = page("change", planned.pk, model="followupnote")
        sent = filled_in(mona.get(path), scheduled_at_0="2130-03-25", scheduled_at_1="09:00:00")
        answer = mona.post(path, sent)
        assert answer.status_code == 302, errors_of(answer)
        assert again(acme).next_contact_at.isoformat() == "2130-03-25T15:00:00+00:00"

    def test_is_settled_from_the_list(self, team, mona, acme, planned):
        notes = reverse("admin:prospects_followupnote_changelist")
        chosen = {"action": "settle", ACTION_CHECKBOX_NAME: [planned.pk]}
        mona.post(notes, chosen)
        assert again(acme).next_contact_at is None

    def test_stays_as_it_is_for_whom_the_card_is_shared_with_for_looking(self, team, acme, planned):
        with tenant_scope(team.tenant.pk):
            share_prospect(
                prospect_id=acme.pk, user_id=team.bob.id, level="view", by=team.alice.user
            )
        bob = signed_in(team.bob.user)
        path = page("change", planned.pk, model="followupnote")
        sent = filled_in(bob.get(path), scheduled_at_0="2130-03-25", scheduled_at_1="09:00:00")
        assert bob.post(path, sent).status_code == 200
        assert again(acme).next_contact_at == planned.scheduled_at
