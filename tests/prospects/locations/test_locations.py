"""The places of prospects and clients."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from clients.models import Company
from core.tenancy import across_tenants, tenant_scope
from prospects.models import Location, Prospect
from tests.prospects.cards_of import card

PLACE = {
    "name": "Main Office",
    "link": "https://maps.google.com/?q=19.4,-99.1",
    "type": "headquarters",
}


@pytest.fixture
def prospect(team):
    return card(team, owner=team.alice, company_name="Acme")


@pytest.fixture
def client(team):
    made = card(team, owner=team.alice, company_name="Client Corp")
    with tenant_scope(team.tenant.pk):
        return Company.objects.create(prospect=made)


def places(team):
    with tenant_scope(team.tenant.pk):
        return list(Location.objects.order_by("pk").values("name", "link", "type"))


@pytest.fixture(params=["prospects", "clients"])
def door(request, prospect, client):
    """The prefix and the id with which a place is added."""
    return request.param, (prospect if request.param == "prospects" else client).pk


def add(person, door, **changes):
    prefix, pk = door
    return person.post(f"/{prefix}/{pk}/locations", {**PLACE, **changes})


class TestAdding:
    def test_answers_the_place_and_shows_it_on_the_card(self, team, door, prospect, client):
        made = add(team.alice, door).json()
        assert made == {"id": made["id"], **PLACE}
        card_id = prospect.pk if door[0] == "prospects" else client.prospect_id
        assert team.alice.get(f"/prospects/{card_id}").json()["locations"] == [made]

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", None),
            ("name", ""),
            ("name", "   "),
            ("name", "x" * 51),
            ("name", "a\x00b"),
            ("name", []),
            ("name", True),
            ("link", None),
            ("link", ""),
            ("link", "maps.google.com"),
            ("link", "javascript:alert(1)"),
            ("link", "JavaScript://x.com/%0aalert(1)"),
            ("link", "data:text/html,<script>alert(1)</script>"),
            ("link", "ftp://acme.com"),
            ("link", "https://"),
            ("link", "https://acme.com/" + "x" * 134),
            ("link", {}),
            ("type", None),
            ("type", ""),
            ("type", "castle"),
            ("type", "Office"),
            ("type", 1),
            ("type", ["office"]),
        ],
    )
    def test_is_400_with_the_field_for_bad_values(self, team, door, field, value):
        answer = add(team.alice, door, **{field: value})
        assert answer.status_code == 400, answer.content
        assert list(answer.json()["validation"]) == [field]
        assert places(team) == []

    @pytest.mark.parametrize("field", ["name", "link", "type"])
    def test_needs_every_field(self, team, door, field):
        body = {name: value for name, value in PLACE.items() if name != field}
        answer = team.alice.post(f"/{door[0]}/{door[1]}/locations", body)
        assert (answer.status_code, list(answer.json()["validation"])) == (400, [field])

    def test_takes_what_is_exactly_long_enough(self, team, door):
        link = "https://acme.com/" + "x" * 133
        assert add(team.alice, door, name="x" * 50, link=link).status_code == 200

    @pytest.mark.parametrize("body", [[], "x", 7])
    def test_is_422_for_a_body_that_is_no_json_object(self, team, door, body):
        assert team.alice.post(f"/{door[0]}/{door[1]}/locations", body).status_code == 422


class TestChanging:
    def test_changes_what_is_sent(self, team, door):
        made = add(team.alice, door).json()
        path = f"/{door[0]}/locations/{made['id']}"
        assert team.alice.put(path, {"name": " Depot "}).json() == {**made, "name": "Depot"}
        assert team.alice.put(path, {}).json() == {**made, "name": "Depot"}
        answer = team.alice.put(path, {"type": "castle", "name": "Castle"})
        assert (answer.status_code, list(answer.json()["validation"])) == (400, ["type"])
        for field in PLACE:
            assert team.alice.put(path, {field: ""}).status_code == 400
        assert places(team) == [{**PLACE, "name": "Depot"}]


class TestDeleting:
    def test_takes_it_away(self, team, door):
        made = add(team.alice, door).json()
        path = f"/{door[0]}/locations/{made['id']}"
        assert team.alice.delete(path).status_code == 403  # sales people delete nothing
        assert team.mona.delete(path).json() == made
        assert (places(team), team.mona.delete(path).status_code) == ([], 404)


class TestAPlace:
    def test_is_reached_by_the_prefix_of_what_its_card_is(self, team, prospect, client):
        of_prospect = add(team.mona, ("prospects", prospect.pk)).json()["id"]
        of_client = add(team.mona, ("clients", client.pk)).json()["id"]
        for prefix, pk in (("clients", of_prospect), ("prospects", of_client)):
            assert team.mona.put(f"/{prefix}/locations/{pk}", {"name": "x"}).status_code == 404
            assert team.mona.delete(f"/{prefix}/locations/{pk}").status_code == 404
        assert len(places(team)) == 2

    def test_does_not_exist_for_who_may_not_see_its_card(self, team, rivals, door):
        """In the same words as what is not there at all."""
        made = add(team.alice, door).json()["id"]
        for person in (team.bob, rivals.alice, rivals.ada):
            known, unknown = (
                [
                    person.put(f"/{door[0]}/locations/{place}", {"name": "x"}),
                    person.post(f"/{door[0]}/{pk}/locations", PLACE),
                ]
                for place, pk in ((made, door[1]), (999_999, 999_999))
            )
            assert [answer.status_code for answer in (*known, *unknown)] == [404] * 4
            assert [one.json() for one in known] == [one.json() for one in unknown]
        assert rivals.ada.delete(f"/{door[0]}/locations/{made}").status_code == 404
        assert places(team) == [PLACE]

    def test_is_read_only_by_a_share_for_looking(self, team, door, prospect, client):
        made = add(team.alice, door).json()["id"]
        card_id = prospect.pk if door[0] == "prospects" else client.prospect_id
        share = {"user_id": team.bob.id, "permission": "view"}
        team.alice.post(f"/prospects/{card_id}/shares", share)
        assert add(team.bob, door).status_code == 403
        assert team.bob.put(f"/{door[0]}/locations/{made}", {"name": "x"}).status_code == 403
        assert places(team) == [PLACE]

    def test_of_a_deleted_card_does_not_exist(self, team, door, prospect, client):
        made = add(team.alice, door).json()["id"]
        card_id = prospect.pk if door[0] == "prospects" else client.prospect_id
        with tenant_scope(team.tenant.pk):
            Prospect.objects.filter(pk=card_id).update(deleted_at=timezone.now())
        assert team.mona.put(f"/{door[0]}/locations/{made}", {"name": "x"}).status_code == 404
        assert team.mona.delete(f"/{door[0]}/locations/{made}").status_code == 404
        assert add(team.mona, door).status_code == 404

    @pytest.mark.parametrize("change", [{"type": "castle"}, {"link": "javascript:alert(1)"}])
    def test_is_checked_by_the_database_too(self, team, prospect, change):
        add(team.alice, ("prospects", prospect.pk))
        with tenant_scope(team.tenant.pk), pytest.raises(IntegrityError), transaction.atomic():
            Location.objects.update(**change)

    def test_cannot_leave_its_tenant(self, team, rivals, prospect):
        add(team.alice, ("prospects", prospect.pk))
        with across_tenants(), pytest.raises(IntegrityError), transaction.atomic():
            Location.objects.update(tenant_id=rivals.tenant.pk)


class TestCost:
    def test_of_a_change_is_small(self, team, door, django_assert_max_num_queries):
        made = add(team.alice, door).json()["id"]
        with django_assert_max_num_queries(7):
            team.alice.put(f"/{door[0]}/locations/{made}", {"name": "x"})
