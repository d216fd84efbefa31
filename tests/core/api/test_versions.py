from __future__ import annotations

from functools import partial

import pytest

from core.tenancy import tenant_scope
from prospects.models import Prospect
from tests.prospects.cards_of import card
from tests.races import at_once


def match(etag):
    return {"headers": {"If-Match": etag}}


def made(team, path, body):
    answer = team.mona.post(path, body)
    assert answer.status_code == 201, answer.json()
    return f"{path}/{answer.json()['data']['id']}", answer["ETag"]


def first_stages(team):
    """The stages of the default pipeline, as a deal names them."""
    pipeline = team.mona.get("/api/v1/pipelines").json()["data"][0]
    return [{"pipeline_id": pipeline["id"], "stage_id": each["id"]} for each in pipeline["stages"]]


@pytest.fixture(params=["contacts", "companies", "deals", "cards"])
def thing(request, team):
    """(path to read, how to change it, its ETag) of something that has versions."""
    if request.param == "cards":
        path = f"/prospects/{card(team, name='Ana').pk}"
        return (
            path,
            lambda body, **kw: team.mona.patch(path, body, **kw),
            team.mona.get(path)["ETag"],
        )
    word = "first_name" if request.param == "contacts" else "name"
    place = first_stages(team)[0] if request.param == "deals" else {}
    path, etag = made(team, f"/api/v1/{request.param}", {word: "Ana", **place})
    return path, lambda body, **kw: team.mona.put(path, {word: body["name"]}, **kw), etag


class TestIfMatch:
    def test_lets_the_version_that_was_read_be_changed(self, team, thing):
        path, change, etag = thing
        assert team.mona.get(path)["ETag"] == etag
        answer = change({"name": "Eva"}, **match(etag))
        assert answer.status_code == 200
        assert answer["ETag"] == team.mona.get(path)["ETag"] != etag

    def test_refuses_a_version_that_is_outdated(self, team, thing):
        path, change, etag = thing
        assert change({"name": "Eva"}).status_code == 200
        before = team.mona.get(path).content
        answer = change({"name": "Lola"}, **match(etag))
        assert answer.status_code == 412
        assert "changed since" in answer.json()["message"]
        assert team.mona.get(path).content == before

    @pytest.mark.parametrize("header", ["*", '"other", {}', "W/{}"])
    def test_knows_the_other_ways_to_say_it(self, thing, header):
        _, change, etag = thing
        assert change({"name": "Eva"}, **match(header.format(etag))).status_code == 200

    @pytest.mark.parametrize("header", ["", "nonsense", '""'])
    def test_matches_nothing_it_does_not_know(self, thing, header):
        _, change, _ = thing
        assert change({"name": "Eva"}, **match(header)).status_code == 412

    def test_tells_strangers_nothing(self, team, rivals, thing):
        path, _, etag = thing
        write = rivals.mona.patch if path.startswith("/prospects") else rivals.mona.put
        assert write(path, {"name": "Eva"}, **match(etag)).status_code == 404


class TestADelete:
    def test_of_an_outdated_version_is_refused(self, team):
        path, etag = made(team, "/api/v1/contacts", {"first_name": "Ana"})
        team.mona.put(path, {"first_name": "Eva"})
        assert team.mona.delete(path, **match(etag)).status_code == 412
        assert team.mona.delete(path, **match(team.mona.get(path)["ETag"])).status_code == 200


class TestTheVersionOfACard:
    def test_is_another_with_another_team(self, team):
        path = f"/prospects/{card(team).pk}"
        etag = team.mona.get(path)["ETag"]
        assert team.mona.patch(f"{path}/data", {"assignments": {"kae": team.bob.id}}, **match(etag))
        assert team.mona.get(path)["ETag"] != etag
        answer = team.mona.patch(f"{path}/data", {"monthly_shipments": 5}, **match(etag))
        assert answer.status_code == 412

    def test_is_that_of_the_client(self, team):
        path, _ = made(team, "/api/v1/companies", {"name": "Acme"})
        client = f"/clients/{path.rpartition('/')[2]}"
        etag = team.mona.get(client)["ETag"]
        sent = {"monthly_shipments": 5}
        assert team.mona.patch(f"{client}/data", sent, **match(etag)).status_code == 200
        assert team.mona.patch(f"{client}/data", sent, **match(etag)).status_code == 412


class TestTheVersionOfADeal:
    def test_is_another_in_another_place_or_with_other_people(self, team):
        first, second = first_stages(team)[:2]
        path, etag = made(team, "/api/v1/deals", {"name": "Boxes", **first})
        move = {"stage_id": second["stage_id"]}
        assert team.mona.post(f"{path}/move-stage", move, **match(etag)).status_code == 200
        assert team.mona.post(f"{path}/move-stage", move, **match(etag)).status_code == 412
        moved = team.mona.get(path)["ETag"]
        person, _ = made(team, "/api/v1/contacts", {"first_name": "Ana"})
        people = {"contact_ids": [int(person.rpartition("/")[2])]}
        assert team.mona.put(path, people, **match(moved)).status_code == 200
        assert team.mona.put(path, people, **match(moved)).status_code == 412


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_from_one_version_one_wins(self, team):
        acme = card(team, name="Ana")
        path = f"/prospects/{acme.pk}/data"
        etag = team.mona.get(f"/prospects/{acme.pk}")["ETag"]

        def change(number):
            return team.mona.patch(path, {"monthly_shipments": number}, **match(etag))

        answers = at_once(*[partial(change, number) for number in range(1, 7)])
        statuses = sorted(answer.status_code for answer in answers)
        assert statuses == [200] + [412] * 5
        with tenant_scope(team.tenant.pk):
            written = Prospect.objects.get(pk=acme.pk).monthly_shipments
        (won,) = (n for n, answer in enumerate(answers, start=1) if answer.status_code == 200)
        assert written == won
