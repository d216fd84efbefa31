"""Who sees a card and why: said by the API, on its page and by a command, all of one mind."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse
from django.utils import timezone

from accounts.users.models import User
from core.rights import CHANGE_PROSPECT
from core.tenancy import across_tenants, tenant_scope
from prospects.models import Prospect
from prospects.pipeline.deleting import delete_prospect
from prospects.sharing.explaining import accesses_to
from prospects.sharing.services import share_prospect, unshare_prospect
from tests.people import add_user
from tests.prospects.cards_of import card
from tests.staff import make_operator, signed_in


@pytest.fixture
def made(team):
    return card(team, owner=team.alice, company_name="Acme")


def colleague(team, name):
    """One more salesperson."""
    return add_user(team.tenant, name, "acme", "sales")


def share(team, made, person, level):
    with tenant_scope(team.tenant.pk):
        share_prospect(prospect_id=made.pk, user_id=person.id, level=level, by=team.ada.user)


def rules(person, made):
    """What the API answers, by the ids of who sees the card."""
    answer = person.get(f"/prospects/{made.pk}/access")
    assert answer.status_code == 200, answer.content
    return {each["user_id"]: (each["rules"], each["can_change"]) for each in answer.json()}


class TestRules:
    def test_are_those_of_owner_team_shares_and_roles(self, team):
        carl, dora, erin = (colleague(team, name) for name in ("carl", "dora", "erin"))
        made = card(team, owner=team.alice, team_roles={"kae": team.bob, "csr": team.bob})
        share(team, made, carl, "view")
        share(team, made, dora, "change")
        found = rules(team.ada, made)
        assert found[team.alice.id] == (["owner"], True)
        assert found[team.bob.id] == (["team"], True)
        assert found[carl.id] == (["share_view"], False)
        assert found[dora.id] == (["share_change"], True)
        assert found[team.mona.id] == (["all_prospects"], True)
        assert found[team.victor.id] == (["all_prospects"], False)
        assert erin.id not in found

    def test_name_the_roles_on_the_team(self, team):
        made = card(team, owner=team.alice, team_roles={"kae": team.bob, "csr": team.bob})
        (entry,) = [
            each
            for each in team.ada.get(f"/prospects/{made.pk}/access").json()
            if each["user_id"] == team.bob.id
        ]
        assert entry["team_roles"] == ["csr", "kae"]

    def test_end_with_what_they_rest_on(self, team, made):
        share(team, made, team.bob, "change")
        assert team.bob.id in rules(team.ada, made)
        with tenant_scope(team.tenant.pk):
            unshare_prospect(prospect_id=made.pk, user_id=team.bob.id, by=team.ada.user)
        assert team.bob.id not in rules(team.ada, made)

    def test_leave_out_who_cannot_sign_in(self, team, made):
        share(team, made, team.bob, "view")
        with across_tenants():
            User.objects.filter(pk=team.bob.id).update(is_active=False)
        assert team.bob.id not in rules(team.ada, made)

    def test_say_what_was_granted_to_one_person(self, team, made):
        everything = Permission.objects.get(codename="all-prospects")
        with across_tenants():
            team.bob.user.user_permissions.add(everything)
        assert rules(team.ada, made)[team.bob.id] == (["all_prospects"], True)
        with tenant_scope(team.tenant.pk):
            (access,) = [each for each in accesses_to(made.pk) if each.user_id == team.bob.id]
        assert access.is_granted

    def test_say_what_the_lists_show(self, team):
        """Everybody of a mixed team, every kind of card: seen and changed as explained."""
        carl = colleague(team, "carl")
        cards = [
            card(team, owner=team.alice),
            card(team, owner=team.bob, company_name="B", team_roles={"kae": team.alice}),
            card(team, company_name="Nobody's"),
        ]
        share(team, cards[0], carl, "view")
        share(team, cards[1], carl, "change")
        people = [team.ada, team.mona, team.alice, team.bob, team.victor, carl]
        with tenant_scope(team.tenant.pk):
            for each in cards:
                explained = {one.user_id: one.can_change for one in accesses_to(each.pk)}
                for person in people:
                    user = User.objects.get(pk=person.id)
                    of_card = {"pk": each.pk}
                    seen = Prospect.objects.visible_to(user).filter(**of_card).exists()
                    changed = Prospect.objects.changeable_by(user).filter(**of_card).exists()
                    assert (person.id in explained) is seen
                    may_write = changed and user.has_perm(CHANGE_PROSPECT)
                    assert explained.get(person.id, False) is may_write

    def test_are_asked_in_one_statement(self, team, made, django_assert_num_queries):
        for number in range(5):
            share(team, made, colleague(team, f"more{number}"), "view")
        with tenant_scope(team.tenant.pk), django_assert_num_queries(1):
            assert len(accesses_to(made.pk)) > 5


class TestDoors:
    def test_are_closed_to_who_does_not_see_the_card(self, team, rivals, made):
        for person in (team.bob, rivals.ada):
            assert person.get(f"/prospects/{made.pk}/access").status_code == 404

    def test_show_it_on_the_card(self, team, made):
        share(team, made, team.bob, "view")
        path = reverse("admin:prospects_prospect_part", args=(made.pk, "access"))
        text = signed_in(team.alice.user).get(path).content.decode()
        assert "es suyo" in text
        assert "se le compartió para verlo" in text

    def test_are_a_command(self, team, made, capsys):
        call_command("explain_access", team.alice.user.email.upper(), str(made.pk))
        assert "may change" in capsys.readouterr().out
        call_command("explain_access", team.victor.user.email, str(made.pk))
        out = capsys.readouterr().out
        assert "may only look" in out
        assert "sees every card by role" in out

    def test_of_the_command_say_why_not(self, team, rivals, made):
        refused = {
            team.bob.user.email: "does not see",
            rivals.ada.user.email: "There is no prospect",
            "nobody@acme.test": "Nobody signs in",
        }
        for email, reason in refused.items():
            with pytest.raises(CommandError, match=reason):
                call_command("explain_access", email, str(made.pk))
        with tenant_scope(team.tenant.pk):
            delete_prospect(prospect_id=made.pk, at=timezone.now())
        with pytest.raises(CommandError, match="is deleted"):
            call_command("explain_access", team.alice.user.email, str(made.pk))

    def test_of_the_command_know_operators(self, made, capsys):
        call_command("explain_access", make_operator().email, str(made.pk))
        assert "every tenant" in capsys.readouterr().out
