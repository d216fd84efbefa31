"""What changed of a row, and putting one change back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.audit import acting
from core.tenancy import tenant_scope
from prospects.models import Prospect
from prospects.pipeline.services import edit_prospect
from sales.deals.services import create_deal, edit_deal
from sales.models import Deal, Stage
from tests.people import Team
from tests.prospects.cards_of import card, category
from tests.staff import signed_in

pytestmark = pytest.mark.django_db
SEEN = re.compile(r'name="seen" value="(\w+)"')


def edit(team: Team, made: Prospect, door: str = "crm-api", **changes: Any) -> None:
    with tenant_scope(team.tenant.pk), acting(door=door, user=team.mona.id):
        edit_prospect(prospect_id=made.pk, changes=changes, at=timezone.now())


def page(name: str, *args: Any) -> str:
    return reverse(f"admin:prospects_prospect_{name}", args=args)


def latest(team: Team, made: Prospect) -> int:
    with tenant_scope(team.tenant.pk):
        events = apps.get_model("prospects", "ProspectEvent").objects
        return int(events.filter(pgh_obj_id=made.pk).latest("pgh_id").pgh_id)


def again(team: Team, made: Prospect) -> Prospect:
    with tenant_scope(team.tenant.pk):
        found: Prospect = Prospect.objects.get(pk=made.pk)
    return found


@pytest.fixture
def made(team: Team) -> Prospect:
    return card(team, owner=team.alice)


class TestChanges:
    def test_are_told_in_words(self, team: Team, made: Prospect) -> None:
        edit(team, made, annotations="<b>Later</b>", category_id=category(team, "contacted").pk)
        with tenant_scope(team.tenant.pk):
            type(team.tenant).objects.filter(pk=team.tenant.pk).update(language="en")
        shown = signed_in(team.alice.user).get(page("history", made.pk)).content.decode()
        assert "&lt;b&gt;Later" in shown
        assert str(category(team, "contacted")) in shown
        assert team.mona.user.name in shown
        assert "CRM API" in shown

    @pytest.mark.parametrize(
        "model", ["Contact", "Company", "Deal", "Quote", "Invoice", "Contract", "Payment", "User"]
    )
    def test_are_kept_of_every_such_row(self, model: str, team: Team) -> None:
        found = [each for each in apps.get_models() if each.__name__ == model]
        assert all(hasattr(each, "pgh_event_model") for each in found)
        assert found

    def test_cost_few_statements(
        self, team: Team, made: Prospect, django_assert_max_num_queries: Any
    ) -> None:
        for number in range(10):
            edit(team, made, annotations=str(number), owner_id=None if number % 2 else team.bob.id)
        browser = signed_in(team.ada.user)
        with django_assert_max_num_queries(12):
            assert browser.get(page("history", made.pk)).status_code == 200

    def test_of_an_invisible_card_do_not_exist(
        self, team: Team, rivals: Team, made: Prospect
    ) -> None:
        edit(team, made, annotations="x")
        for person in (team.bob, rivals.ada):
            browser = signed_in(person.user)
            assert browser.get(page("history", made.pk)).status_code == 404
            assert browser.post(page("put_back", made.pk, latest(team, made))).status_code == 404

    def test_of_users_tell_who_changed_a_role(self, team: Team) -> None:
        with tenant_scope(team.tenant.pk), acting(door="admin", user=team.ada.id):
            type(team.bob.user).objects.filter(pk=team.bob.id).update(role="viewer")
        path = reverse("admin:accounts_user_history", args=(team.bob.id,))
        shown = signed_in(team.ada.user).get(path).content.decode()
        assert team.ada.user.name in shown
        assert signed_in(team.alice.user).get(path).status_code in (403, 404)

    def test_are_linked_from_the_page(self, team: Team, made: Prospect) -> None:
        shown = signed_in(team.alice.user).get(page("change", made.pk)).content.decode()
        assert page("history", made.pk) in shown


class TestPutBack:
    def sent(self, browser: Client, path: str) -> Any:
        found = SEEN.search(browser.get(path).content.decode())
        assert found
        return browser.post(path, {"seen": found[1]})

    def test_sets_what_was_there_and_is_a_change_itself(self, team: Team, made: Prospect) -> None:
        edit(team, made, annotations="After", campaign_id=None)
        event = latest(team, made)
        answer = self.sent(signed_in(team.alice.user), page("put_back", made.pk, event))
        assert answer.status_code == 302
        assert again(team, made).annotations == made.annotations
        newer = latest(team, made)
        assert newer > event

    def test_says_what_was_changed_since(self, team: Team, made: Prospect) -> None:
        edit(team, made, annotations="After")
        event = latest(team, made)
        edit(team, made, annotations="Much later")
        shown = signed_in(team.alice.user).get(page("put_back", made.pk, event)).content.decode()
        assert "Much later" in shown

    def test_is_refused_when_somebody_is_faster(self, team: Team, made: Prospect) -> None:
        edit(team, made, annotations="After")
        browser, path = signed_in(team.alice.user), page("put_back", made.pk, latest(team, made))
        found = SEEN.search(browser.get(path).content.decode())
        assert found
        edit(team, made, annotations="Faster")
        answer = browser.post(path, {"seen": found[1]})
        assert answer.context["form"].errors
        assert again(team, made).annotations == "Faster"

    def test_is_refused_when_its_owner_has_left(self, team: Team, made: Prospect) -> None:
        edit(team, made, owner_id=team.bob.id)
        with tenant_scope(team.tenant.pk):
            type(team.alice.user).objects.filter(pk=team.alice.id).update(is_active=False)
        path = page("put_back", made.pk, latest(team, made))
        answer = self.sent(signed_in(team.ada.user), path)
        assert answer.context["form"].errors
        assert again(team, made).owner_id == team.bob.id

    def test_is_there_for_deals_too(self, team: Team) -> None:
        bob, at = team.bob.user, timezone.now()
        with tenant_scope(team.tenant.pk):
            stage = Stage.objects.order_by("position").values_list("pk", flat=True)[0]
            deal = create_deal(values={"name": "Before"}, by=bob, at=at, stage_id=stage)
            edit_deal(deal_id=deal.pk, values={"name": "After"}, by=bob, at=at)
            event = apps.get_model("sales", "DealEvent").objects.get(pgh_obj_id=deal.pk).pgh_id
        path = reverse("admin:sales_deal_put_back", args=(deal.pk, event))
        assert signed_in(team.alice.user).get(path).status_code == 404
        assert self.sent(signed_in(bob), path).status_code == 302
        with tenant_scope(team.tenant.pk):
            assert Deal.objects.get(pk=deal.pk).name == "Before"

    def test_is_not_for_viewers(self, team: Team, made: Prospect) -> None:
        edit(team, made, annotations="After")
        victor, path = signed_in(team.victor.user), page("put_back", made.pk, latest(team, made))
        assert victor.post(path).status_code == 403
        assert path not in victor.get(page("history", made.pk)).content.decode()

    def test_of_another_cards_change_does_not_exist(self, team: Team, made: Prospect) -> None:
        other = card(team, owner=team.alice)
        edit(team, other, annotations="After")
        browser = signed_in(team.alice.user)
        for event in (latest(team, other), 1, 99_999_999):
            assert browser.post(page("put_back", made.pk, event)).status_code == 404
