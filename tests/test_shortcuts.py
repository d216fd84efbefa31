"""The sheet of keys, and the way back to what was opened last."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from redis.exceptions import ConnectionError as CacheGone

from core.back_office_recent import MOST
from core.tenancy import tenant_scope
from prospects.pipeline.services import edit_prospect
from tests.people import Team
from tests.prospects.cards_of import card
from tests.sales.deals.deals_of import deal
from tests.staff import make_operator, signed_in


def page_of(row: Any) -> str:
    return reverse("admin:prospects_prospect_change", args=(row.pk,))


def opened_last(client: Any) -> list[str]:
    """What the box shows before anything is typed."""
    answer = client.get(reverse("admin:search"), {"s": "", "extended": 1})
    assert answer.status_code == 200
    return [each.title for each in answer.context["results"]]


class TestSheet:
    def test_leads_only_to_pages_that_its_reader_may_open(self, team: Team) -> None:
        for person in team.everybody.values():
            client = signed_in(person.user)
            groups = client.get(reverse("admin:shortcuts")).context["groups"]
            links = [link for _key, _title, rows in groups for _letter, link, _name in rows]
            assert len(links) > 5
            for link in links:
                assert client.get(link).status_code == 200, (person, link)

    def test_uses_each_key_once(self, team: Team) -> None:
        answer = signed_in(team.ada.user).get(reverse("admin:shortcuts"))
        for _key, _title, rows in answer.context["groups"]:
            letters = [letter for letter, _link, _name in rows]
            assert len(letters) == len(set(letters))


class TestOpenedLast:
    def test_is_the_last_first_and_each_once(self, team: Team) -> None:
        client = signed_in(team.alice.user)
        one, other = (card(team, owner=team.alice, company_name=name) for name in ("One", "Other"))
        made = deal(team, team.alice, name="Plan")
        client.get(page_of(one))
        client.get(reverse("admin:sales_deal_change", args=(made["id"],)))
        for row in (other, one, one):
            client.get(page_of(row))
        assert opened_last(client) == ["One", "Other", "Plan"]

    def test_forgets_the_oldest(self, team: Team) -> None:
        client = signed_in(team.alice.user)
        for number in range(MOST + 2):
            client.get(page_of(card(team, owner=team.alice, company_name=f"No {number}")))
        assert opened_last(client) == [f"No {number}" for number in range(MOST + 1, 1, -1)]

    def test_leaves_out_what_may_not_be_seen_any_more(self, team: Team) -> None:
        client, made = signed_in(team.alice.user), card(team, owner=team.alice, company_name="Lost")
        client.get(page_of(made))
        assert opened_last(client) == ["Lost"]
        with tenant_scope(team.tenant.pk):
            changes = {"owner_id": team.bob.id}
            edit_prospect(prospect_id=made.pk, changes=changes, at=timezone.now())
        assert opened_last(client) == []

    def test_is_everybodys_own(self, team: Team, rivals: Team) -> None:
        signed_in(team.alice.user).get(page_of(card(team, owner=team.alice, company_name="Mine")))
        for person in (team.mona, rivals.ada):
            assert opened_last(signed_in(person.user)) == []

    def test_is_of_the_tenant_that_an_operator_chose(self, team: Team, rivals: Team) -> None:
        client, made = signed_in(make_operator()), card(team, company_name="Acme")
        client.post(reverse("admin:choose_tenant"), {"tenant": team.tenant.pk})
        client.get(page_of(made))
        assert opened_last(client) == ["Acme"]
        client.post(reverse("admin:choose_tenant"), {"tenant": rivals.tenant.pk})
        assert opened_last(client) == []

    def test_stops_no_page_when_the_cache_is_down(self, team: Team, monkeypatch: Any) -> None:
        def gone(*args: Any, **kwargs: Any) -> None:
            raise CacheGone

        client, made = signed_in(team.alice.user), card(team, owner=team.alice)
        monkeypatch.setattr(type(cache._connections[cache._alias]), "get", gone)
        monkeypatch.setattr(type(cache._connections[cache._alias]), "set", gone)
        assert client.get(page_of(made)).status_code == 200
        assert opened_last(client) == []
