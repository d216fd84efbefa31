"""`/api/v1/deals`"""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.apps import apps

from core.tenancy import tenant_scope
from sales.models import Deal, StageStay
from tests.prospects.cards_of import card
from tests.sales.contacts.contacts_of import contact
from tests.sales.deals.deals_of import (
    DEALS,
    another_pipeline,
    deal,
    move,
    names,
    stage,
    stored,
)


class TestCreating:
    def test_answers_what_the_contract_shows(self, team):
        maria = contact(team.alice, emails=[{"email": "maria@x.mx"}])
        made = deal(
            team,
            team.alice,
            name="ERP - Norte",
            amount=450000.5,
            currency="usd",
            expected_close_date="2026-06-30",
            contact_ids=[maria["id"]],
        )
        assert (made["name"], made["amount"], made["currency"]) == ("ERP - Norte", 450000.5, "USD")
        assert (made["stage_name"], made["probability"], made["status"]) == (
            "Propuesta",
            50,
            "open",
        )
        assert (made["owner_id"], made["owner_name"]) == (team.alice.id, "Alice Sales")
        assert made["weighted_amount"] == 225000.25
        assert made["expected_close_date"] == "2026-06-30"
        assert made["contacts"] == [
            {"id": maria["id"], "full_name": "Maria", "primary_email": "maria@x.mx"}
        ]
        (stay,) = made["stage_history"]
        assert (stay["stage_name"], stay["left_at"], stay["user_name"]) == (
            "Propuesta",
            None,
            "Alice Sales",
        )

    def test_takes_the_tenants_currency_and_no_amount(self, team):
        made = deal(team, team.alice)
        assert (made["currency"], made["amount"], made["contacts"]) == ("MXN", 0, [])

    def test_in_a_won_stage_is_won_when_it_says(self, team):
        made = deal(team, team.alice, stage_name="Ganado", closed_at="2025-03-01T10:00:00Z")
        assert (made["status"], made["probability"]) == ("won", 100)
        assert made["closed_at"] == "2025-03-01T10:00:00.000000Z"

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", ""),
            ("name", None),
            ("name", "x" * 256),
            ("name", "a\0b"),
            ("amount", -1),
            ("amount", 1e12),
            ("amount", 1234567890123),
            ("amount", "much"),
            ("amount", True),
            ("amount", None),
            ("currency", "XXX1"),
            ("currency", "XXX"),
            ("currency", 5),
            ("probability", 101),
            ("probability", -1),
            ("probability", "likely"),
            ("stage_id", 0),
            ("stage_id", 10**20),
            ("stage_id", "x"),
            ("stage_id", None),
            ("pipeline_id", 999),
            ("expected_close_date", "soon"),
            ("expected_close_date", "2026-02-30"),
            ("owner_id", 999),
            ("contact_ids", [999]),
            ("contact_ids", "x"),
            ("contact_ids", [10**30]),
            ("closed_at", "2025-03-01T10:00:00Z"),
            ("lost_reason", "price"),
        ],
    )
    def test_refuses_what_is_wrong_and_writes_nothing(self, team, field, value):
        where = stage(team)
        body = {"name": "ERP", "pipeline_id": where.pipeline_id, "stage_id": where.pk}
        answer = team.alice.post(DEALS, {**body, field: value})
        assert answer.status_code == 422, answer.content
        assert [name.split(".")[0] for name in answer.json()["errors"]] == [field]
        with tenant_scope(team.tenant.pk):
            assert not Deal.objects.exists()
            assert not StageStay.objects.exists()

    @pytest.mark.parametrize("field", ["name", "pipeline_id", "stage_id"])
    def test_needs(self, team, field):
        where = stage(team)
        body = {"name": "ERP", "pipeline_id": where.pipeline_id, "stage_id": where.pk}
        del body[field]
        answer = team.alice.post(DEALS, body)
        assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])

    def test_refuses_a_stage_of_another_pipeline_and_of_another_tenant(self, team, rivals):
        mine, other, theirs = stage(team), another_pipeline(team), stage(rivals)
        for stage_id in (other["stages"][0]["id"], theirs.pk):
            body = {"name": "ERP", "pipeline_id": mine.pipeline_id, "stage_id": stage_id}
            answer = team.alice.post(DEALS, body)
            assert (answer.status_code, list(answer.json()["errors"])) == (422, ["stage_id"])

    def test_refuses_people_whom_one_does_not_see(self, team, rivals):
        bobs, theirs = contact(team.bob), contact(rivals.alice)
        where = stage(team)
        for hidden in (bobs, theirs):
            body = {"name": "ERP", "pipeline_id": where.pipeline_id, "stage_id": where.pk}
            answer = team.alice.post(DEALS, {**body, "contact_ids": [hidden["id"]]})
            assert (answer.status_code, list(answer.json()["errors"])) == (422, ["contact_ids"])


class TestChanging:
    def test_changes_what_is_sent(self, team):
        made = deal(team, team.alice, amount=100)
        answer = team.alice.put(f"{DEALS}/{made['id']}", {"amount": 500000, "probability": 75})
        changed = answer.json()["data"]
        assert (changed["amount"], changed["probability"]) == (500000, 75)
        assert (changed["name"], changed["stage_id"]) == (made["name"], made["stage_id"])
        assert len(changed["stage_history"]) == 1

    def test_takes_back_the_whole_answer(self, team):
        made = deal(team, team.alice, stage_name="Perdido", lost_reason="Price")
        answer = team.alice.put(f"{DEALS}/{made['id']}", made)
        assert answer.status_code == 200, answer.content
        assert answer.json()["data"] == {
            **made,
            "stage_history": answer.json()["data"]["stage_history"],
        }

    def test_to_a_stage_is_the_same_as_moving(self, team):
        made, won = deal(team, team.alice), stage(team, "Ganado")
        changed = team.alice.put(f"{DEALS}/{made['id']}", {"stage_id": won.pk}).json()["data"]
        assert (changed["status"], changed["probability"]) == ("won", 100)
        assert changed["closed_at"] is not None

    def test_to_its_own_stage_keeps_the_probability(self, team):
        made = deal(team, team.alice, probability=77)
        sent = {"stage_id": made["stage_id"], "name": "New"}
        changed = team.alice.put(f"{DEALS}/{made['id']}", sent).json()["data"]
        assert (changed["probability"], changed["name"]) == (77, "New")

    def test_to_another_pipeline_needs_a_stage_of_it(self, team):
        made, other = deal(team, team.alice), another_pipeline(team)
        path, there = f"{DEALS}/{made['id']}", other["stages"][1]["id"]
        for wrong in ({"pipeline_id": other["id"]}, {"stage_id": there}):
            assert team.alice.put(path, wrong).status_code == 422
        sent = {"pipeline_id": other["id"], "stage_id": there}
        assert team.alice.put(path, sent).json()["data"]["pipeline_id"] == other["id"]

    def test_of_people_leaves_those_whom_one_does_not_see(self, team):
        hers, other, bobs = contact(team.alice), contact(team.alice), contact(team.bob)
        made = deal(team, team.mona, owner_id=team.alice.id, contact_ids=[hers["id"], bobs["id"]])
        path = f"{DEALS}/{made['id']}"
        assert [each["id"] for each in team.alice.get(path).json()["data"]["contacts"]] == [
            hers["id"]
        ]
        team.alice.put(path, {"contact_ids": [other["id"]]})
        left = team.mona.get(path).json()["data"]["contacts"]
        assert [each["id"] for each in left] == [bobs["id"], other["id"]]

    def test_of_what_a_closed_deal_has_not_is_refused(self, team):
        made = deal(team, team.alice, stage_name="Ganado")
        for wrong in ({"probability": 50}, {"lost_reason": "x"}):
            answer = team.alice.put(f"{DEALS}/{made['id']}", wrong)
            assert (answer.status_code, list(answer.json()["errors"])) == (422, list(wrong))

    def test_is_kept_in_the_history(self, team):
        made = deal(team, team.alice, amount=1)
        team.bob.put(f"{DEALS}/{made['id']}", {"amount": 3})
        team.alice.put(f"{DEALS}/{made['id']}", {"amount": 2})
        with tenant_scope(team.tenant.pk):
            (event,) = apps.get_model("sales", "DealEvent").objects.all()
            assert event.amount == Decimal(1)
            assert event.pgh_context["user"] == team.alice.id


class TestMoving:
    def test_sets_the_stages_probability_and_writes_down_how_long(self, team):
        made, there = deal(team, team.alice), stage(team, "Negociacion")
        moved = move(team.alice, made["id"], there.pk).json()["data"]
        assert (moved["stage_name"], moved["probability"]) == ("Negociacion", 75)
        first, second = moved["stage_history"]
        assert first["left_at"] == second["entered_at"]
        assert second["left_at"] is None
        assert first["duration_seconds"] >= 0

    def test_back_to_an_open_stage_opens_it_again(self, team):
        made = deal(team, team.alice)
        move(team.alice, made["id"], stage(team, "Perdido").pk, lost_reason="Precio")
        lost = stored(team, made["id"])
        assert (lost.status, lost.lost_reason, lost.probability) == ("lost", "Precio", 0)
        again = move(team.alice, made["id"], stage(team).pk).json()["data"]
        assert (again["status"], again["closed_at"], again["lost_reason"]) == ("open", None, "")

    def test_to_where_it_is_changes_nothing(self, team):
        made = deal(team, team.alice, probability=33)
        moved = move(team.alice, made["id"], made["stage_id"]).json()["data"]
        assert (moved["probability"], len(moved["stage_history"])) == (33, 1)
        assert moved["updated_at"] == made["updated_at"]

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"stage_id": None},
            {"stage_id": "x"},
            {"stage_id": -5},
            {"stage_id": [1]},
            {"stage_id": 10**25},
        ],
    )
    def test_needs_a_stage(self, team, body):
        made = deal(team, team.alice)
        answer = team.alice.post(f"{DEALS}/{made['id']}/move-stage", body)
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["stage_id"])

    def test_to_a_stage_of_another_pipeline_or_tenant_is_refused(self, team, rivals):
        made = deal(team, team.alice)
        other, theirs = another_pipeline(team)["stages"][0]["id"], stage(rivals).pk
        for stage_id in (other, theirs):
            answer = move(team.alice, made["id"], stage_id)
            assert (answer.status_code, list(answer.json()["errors"])) == (422, ["stage_id"])
        assert stored(team, made["id"]).stage_id == made["stage_id"]

    @pytest.mark.parametrize("position", [-1, "top", 1.5, 10**9])
    def test_refuses_a_position_that_is_none(self, team, position):
        made = deal(team, team.alice)
        answer = move(team.alice, made["id"], made["stage_id"], position=position)
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["position"])


class TestDeleting:
    def test_takes_it_out_of_everything(self, team):
        made = deal(team, team.alice)
        assert team.alice.delete(f"{DEALS}/{made['id']}").status_code == 403
        answer = team.mona.delete(f"{DEALS}/{made['id']}")
        assert (answer.status_code, "message" in answer.json()) == (200, True)
        assert names(team.mona.get(DEALS)) == []
        for call in (team.mona.get, team.mona.delete, team.mona.put):
            assert call(f"{DEALS}/{made['id']}").status_code == 404
        assert stored(team, made["id"]).deleted_at is not None


class TestVisibility:
    def test_is_of_owners_creators_and_who_sees_a_contact(self, team):
        deal(team, team.alice, name="Hers")
        deal(team, team.alice, name="Given", owner_id=team.bob.id)
        lead = card(team, owner=team.bob, name="Lead", email="lead@x.mx")
        with tenant_scope(team.tenant.pk):
            person = lead.contacts.get()
        deal(team, team.mona, name="Of Bobs lead", contact_ids=[person.pk])
        alone = contact(team.bob)
        deal(team, team.mona, name="Of Bobs friend", contact_ids=[alone["id"]])
        assert sorted(names(team.alice.get(DEALS))) == ["Given", "Hers"]
        assert sorted(names(team.bob.get(DEALS))) == ["Given", "Of Bobs friend", "Of Bobs lead"]
        assert len(names(team.mona.get(DEALS))) == len(names(team.victor.get(DEALS))) == 4

    def test_are_those_of_ones_own_cards_and_of_shared_ones(self, team):
        lead = card(team, owner=team.bob, name="Lead", email="lead@x.mx")
        shared = card(team, owner=team.alice, team_roles={"kae": team.bob}, name="Shared")
        with tenant_scope(team.tenant.pk):
            people = [each.contacts.get().pk for each in (lead, shared)]
        for number, pk in enumerate(people):
            deal(team, team.mona, name=f"Deal {number}", contact_ids=[pk])
        deal(team, team.mona, name="Other")
        assert names(team.bob.get(DEALS)) == ["Deal 1", "Deal 0"]

    def test_of_one_is_the_lists(self, team, rivals):
        made = deal(team, team.alice)
        path = f"{DEALS}/{made['id']}"
        for person in (team.bob, rivals.ada):
            assert person.get(path).status_code == 404
            assert person.put(path, {"name": "x"}).status_code == 404
            assert move(person, made["id"], made["stage_id"]).status_code == 404
        assert team.victor.get(path).status_code == 200
        assert team.victor.put(path, {"name": "x"}).status_code == 403

    def test_by_a_share_for_looking_changes_nothing(self, team):
        lead = card(team, owner=team.alice, name="Lead", email="lead@x.mx")
        with tenant_scope(team.tenant.pk):
            person = lead.contacts.get()
        made = deal(team, team.alice, contact_ids=[person.pk])
        share = {"user_id": team.bob.id, "permission": "view"}
        team.alice.post(f"/prospects/{lead.pk}/shares", share)
        path = f"{DEALS}/{made['id']}"
        assert team.bob.get(path).status_code == 200
        assert team.bob.put(path, {"name": "x"}).status_code == 403
        assert stored(team, made["id"]).name == "ERP"


class TestFilters:
    @pytest.fixture
    def deals(self, team):
        maria = contact(team.alice)
        deal(team, team.alice, name="Óptica Ñandú", contact_ids=[maria["id"]], amount=5)
        deal(team, team.alice, name="ERP Norte", stage_name="Ganado", amount=7)
        deal(team, team.bob, name="100% Bobs", amount=6)
        return maria

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"search": "optica nan"}, ["Óptica Ñandú"]),
            ({"search": "er"}, ["ERP Norte"]),
            ({"search": "100%"}, ["100% Bobs"]),
            ({"search": "%"}, []),
            ({"status": "won"}, ["ERP Norte"]),
            ({"sort": "-amount"}, ["ERP Norte", "100% Bobs", "Óptica Ñandú"]),
            ({"per_page": 1, "page": 2}, ["ERP Norte"]),
        ],
    )
    def test_keep(self, team, deals, query, found):
        assert names(team.mona.get(DEALS, query)) == found

    def test_keep_by_id(self, team, deals, rivals):
        where = stage(team, "Ganado")
        for query, found in (
            ({"stage_id": where.pk}, ["ERP Norte"]),
            ({"owner_id": team.bob.id}, ["100% Bobs"]),
            ({"contact_id": deals["id"]}, ["Óptica Ñandú"]),
            ({"pipeline_id": stage(rivals).pipeline_id}, []),
            ({"owner_id": rivals.ada.id}, []),
        ):
            assert names(team.mona.get(DEALS, query)) == found
        assert len(names(team.mona.get(DEALS, {"pipeline_id": where.pipeline_id}))) == 3

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("stage_id", "x"),
            ("status", "sold"),
            ("owner_id", "-1"),
            ("sort", "rank"),
            ("page", "0"),
        ],
    )
    def test_that_cannot_be_read_are_named(self, team, name, value):
        answer = team.mona.get(DEALS, {name: value})
        assert (answer.status_code, list(answer.json()["errors"])) == (422, [name])

    def test_cost_at_most_five_statements(self, team, deals, django_assert_max_num_queries):
        for person in (team.alice, team.mona):
            with django_assert_max_num_queries(5):
                person.get(DEALS, {"search": "norte", "pipeline_id": stage(team).pipeline_id})
            with django_assert_max_num_queries(5):
                person.get(f"{DEALS}/board")
