"""Somebody leaves: what they looked after goes to a colleague at once."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from core.tenancy import tenant_scope
from prospects.models import Prospect, TeamAssignment
from prospects.pipeline.deleting import delete_prospect
from tests.accounts.notifications.told import told
from tests.accounts.passwords.letters import delivered
from tests.prospects.cards_of import card
from tests.sales.activities.activities_of import ACTIVITIES, DEAL, about, activity
from tests.sales.contacts.contacts_of import contact
from tests.sales.deals.deals_of import deal
from tests.staff import errors_of, filled_in, signed_in


def leave(team, person, to=None, by=None):
    body = {"hand_over_to": getattr(to, "id", to)}
    return (by or team.ada).post(f"/api/v1/users/{person.id}/deactivate", body)


def owned(team, person):
    with tenant_scope(team.tenant.pk):
        return Prospect.objects.filter(owner_id=person.id).count()


def is_active(team, person):
    with tenant_scope(team.tenant.pk):
        return User.objects.get(pk=person.id).is_active


class TestLeaving:
    def test_hands_over_everything_and_says_how_much(self, team, opens):
        for number in range(3):
            card(team, owner=team.alice, company_name=f"Card {number}")
        card(team, owner=team.mona, company_name="Mona's", team_roles={"kae": team.alice})
        contact(team.alice)
        deal(team, team.alice)
        answer = leave(team, team.alice, team.bob)
        assert answer.status_code == 200
        handed = answer.json()["handed_over"]
        assert handed.items() >= {"prospects": 3, "contacts": 1, "parts": 1, "deals": 1}.items()
        assert (owned(team, team.alice), owned(team, team.bob)) == (0, 3)
        with tenant_scope(team.tenant.pk):
            assert TeamAssignment.objects.get().user_id == team.bob.id
        assert not opens(team.alice.token)
        assert len(told(team.bob)) == 1

    def test_takes_as_many_statements_for_one_card_as_for_many(self, team):
        asked = []
        for person, count in ((team.alice, 1), (team.bob, 30)):
            for number in range(count):
                card(team, owner=person, company_name=f"{person.id} {number}")
            with CaptureQueriesContext(connection) as queries:
                assert leave(team, person, team.mona).status_code == 200
            asked.append(len(queries))
        assert asked[0] == asked[1]

    def test_hands_over_what_was_deleted_without_counting_it(self, team):
        made = card(team, owner=team.alice)
        with tenant_scope(team.tenant.pk):
            delete_prospect(prospect_id=made.pk, at=made.created_at)
        assert leave(team, team.alice, team.bob).json()["handed_over"]["prospects"] == 0
        with tenant_scope(team.tenant.pk):
            assert Prospect.all_objects.get(pk=made.pk).owner_id == team.bob.id

    def test_hands_over_what_is_still_to_be_done_alone(self, team, rivals):
        about_it = about(DEAL, deal(team, team.alice)["id"])
        todo = [
            activity(team.alice, **about_it)["id"],
            activity(team.bob, user_id=team.alice.id)["id"],
        ]
        done, given_up = activity(team.alice)["id"], activity(team.alice)["id"]
        team.alice.post(f"{ACTIVITIES}/{done}/complete")
        team.alice.put(f"{ACTIVITIES}/{given_up}", {"status": "cancelled"})
        others = activity(team.alice, user_id=team.mona.id)["id"]
        assert leave(team, team.alice, team.bob).json()["handed_over"]["activities"] == 2
        whose = {row["id"]: row["user_id"] for row in team.mona.get(ACTIVITIES).json()["data"]}
        assert whose == {
            **dict.fromkeys(todo, team.bob.id),
            **dict.fromkeys((done, given_up), team.alice.id),
            others: team.mona.id,
        }

    def test_leaves_everything_where_it_is_without_an_heir(self, team):
        card(team, owner=team.alice)
        assert leave(team, team.alice).json()["handed_over"] == {}
        assert owned(team, team.alice) == 1
        assert not is_active(team, team.alice)

    def test_touches_no_other_tenant(self, team, rivals):
        card(rivals, owner=rivals.alice)
        leave(team, team.alice, team.bob)
        assert owned(rivals, rivals.alice) == 1

    def test_to_who_cannot_get_it_changes_nothing(self, team, rivals):
        card(team, owner=team.alice)
        leave(team, team.victor)
        strangers = (rivals.bob, team.alice, team.victor, 10**12, 0, -1, "x", 2**70)
        for heir in strangers:
            answer = leave(team, team.alice, heir)
            assert answer.status_code == 422, heir
            assert "hand_over_to" in answer.json()["errors"]
        assert is_active(team, team.alice)
        assert owned(team, team.alice) == 1

    def test_is_for_admins_about_colleagues(self, team, rivals):
        assert leave(team, team.alice, by=team.mona).status_code == 403
        assert leave(team, team.ada).status_code == 403
        assert leave(team, team.alice, by=rivals.ada).status_code == 404
        assert is_active(team, team.alice)


class TestBackOffice:
    def test_deactivates_and_hands_over(self, team, rivals):
        card(team, owner=team.alice)
        browser = signed_in(team.ada.user)
        path = reverse("admin:accounts_user_deactivate", args=(team.alice.id,))
        assert browser.get(path).status_code == 200
        assert "hand_over_to" in errors_of(browser.post(path, {"hand_over_to": rivals.bob.id}))
        browser.post(path, {"hand_over_to": team.bob.id})
        assert (owned(team, team.bob), is_active(team, team.alice)) == (1, False)

    def test_invites_who_is_given_no_password(self, team):
        browser = signed_in(team.ada.user)
        path = reverse("admin:accounts_user_add")
        sent = filled_in(browser.get(path), name="Ivy", email="ivy@acme.test", role="sales")
        browser.post(path, sent)
        assert [letter.to for letter in delivered()] == [["ivy@acme.test"]]


class TestRate:
    @pytest.mark.django_db
    def test_is_set_for_every_country_with_the_currency(self, capsys):
        from django.core.management import CommandError, call_command

        from prospects.models import Locale

        call_command("set_rate", "mxn", "18.25")
        assert {
            str(rate)
            for rate in Locale.objects.filter(currency="MXN").values_list("rate", flat=True)
        } == {"18.250000"}
        others = Locale.objects.exclude(currency="MXN").values_list("rate", flat=True)
        before = list(others)
        for wrong in (
            ("XXX", "1"),
            ("MXN", "0"),
            ("MXN", "-1"),
            ("MXN", "x"),
            ("MXN", "NaN"),
            ("MXN", "1e99"),
            ("USD", "2"),
            ("ZWG", "1"),
        ):
            with pytest.raises(CommandError):
                call_command("set_rate", "--", *wrong)
        assert list(others.all()) == before
