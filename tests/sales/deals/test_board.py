"""`GET /api/v1/deals/board`, and the order of the deals in a stage."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.tenancy import tenant_scope
from sales.models import Deal
from sales.pipelines.services import add_stage
from tests.races import at_once
from tests.sales.deals.deals_of import (
    BOARD,
    another_pipeline,
    column,
    deal,
    move,
    stage,
)


def by_name(answer):
    assert answer.status_code == 200, answer.content
    return {each["name"]: each for each in answer.json()["data"]["stages"]}


class TestBoard:
    def test_has_every_stage_in_order_with_count_and_sums(self, team):
        deal(team, team.alice, name="A", amount=100, currency="MXN")
        deal(team, team.alice, name="B", amount="0.55", currency="MXN", probability=30)
        deal(team, team.alice, name="C", amount=7, currency="USD")
        deal(team, team.alice, name="D", stage_name="Ganado", amount=9)
        board = by_name(team.mona.get(BOARD))
        assert list(board) == [
            *("Prospecto", "Contactado", "Propuesta", "Negociacion", "Ganado", "Perdido")
        ]
        assert board["Propuesta"]["count"] == 3
        assert board["Propuesta"]["totals"] == [
            {"currency": "MXN", "count": 2, "amount": 100.55, "weighted_amount": 50.17},
            {"currency": "USD", "count": 1, "amount": 7, "weighted_amount": 3.5},
        ]
        assert [each["name"] for each in board["Propuesta"]["deals"]] == ["C", "B", "A"]
        assert board["Prospecto"] == {
            "id": stage(team, "Prospecto").pk,
            "name": "Prospecto",
            "type": "open",
            "color": "#6B7280",
            "default_probability": 10,
            "count": 0,
            "totals": [],
            "deals": [],
        }

    def test_shows_deals_as_the_list_does(self, team):
        made = deal(team, team.alice, amount="333.33", expected_close_date="2026-01-02")
        for person in (team.alice, team.mona):
            (shown,) = by_name(person.get(BOARD))["Propuesta"]["deals"]
            (listed,) = person.get("/api/v1/deals").json()["data"]
            assert shown == listed
            assert listed == {name: made[name] for name in listed}

    def test_shows_only_the_first_and_counts_all(self, team):
        for number in range(4):
            deal(team, team.alice, name=f"D{number}", amount=1)
        for person in (team.alice, team.mona):
            shown = by_name(person.get(BOARD, {"per_stage": 2}))["Propuesta"]
            assert [each["name"] for each in shown["deals"]] == ["D3", "D2"]
            assert (shown["count"], shown["totals"][0]["amount"]) == (4, 4)

    def test_counts_what_the_caller_sees(self, team):
        deal(team, team.alice, name="Hers", amount=5)
        deal(team, team.bob, name="His", amount=6)
        shown = by_name(team.alice.get(BOARD))["Propuesta"]
        assert [each["name"] for each in shown["deals"]] == ["Hers"]
        assert shown["totals"][0]["amount"] == 5
        assert by_name(team.mona.get(BOARD))["Propuesta"]["totals"][0]["amount"] == 11

    def test_forgets_what_was_deleted(self, team):
        made = deal(team, team.alice)
        team.mona.delete(f"/api/v1/deals/{made['id']}")
        assert by_name(team.mona.get(BOARD))["Propuesta"]["count"] == 0

    def test_is_of_the_pipeline_asked_for(self, team, rivals):
        other = another_pipeline(team)
        answer = team.alice.get(BOARD, {"pipeline_id": other["id"]})
        assert answer.json()["data"]["name"] == "Renovaciones"
        assert team.alice.get(BOARD, {"pipeline_id": 999}).status_code == 404
        assert rivals.ada.get(BOARD, {"pipeline_id": other["id"]}).status_code == 404

    @pytest.mark.parametrize(
        ("name", "value"), [("pipeline_id", "x"), ("per_stage", "0"), ("per_stage", "many")]
    )
    def test_names_what_cannot_be_read(self, team, name, value):
        answer = team.alice.get(BOARD, {name: value})
        assert (answer.status_code, list(answer.json()["errors"])) == (422, [name])

    def test_costs_at_most_five_statements(self, team, django_assert_max_num_queries):
        for number in range(3):
            deal(team, team.alice, name=f"D{number}")
        for person in (team.alice, team.mona):
            with django_assert_max_num_queries(5):
                person.get(BOARD, {"pipeline_id": stage(team).pipeline_id})


class TestPosition:
    @pytest.fixture
    def deals(self, team):
        """A, B, C, D from the top of a stage."""
        return {name: deal(team, team.alice, name=name)["id"] for name in "DCBA"}

    @pytest.mark.parametrize(
        ("name", "position", "order"),
        [
            ("D", 0, "DABC"),
            ("D", 1, "ADBC"),
            ("A", 1, "BACD"),
            ("A", 2, "BCAD"),
            ("A", 3, "BCDA"),
            ("A", 99, "BCDA"),
            ("B", 1, "ABCD"),
        ],
    )
    def test_is_the_number_of_deals_above(self, team, deals, name, position, order):
        where = stage(team).pk
        assert move(team.alice, deals[name], where, position=position).status_code == 200
        assert "".join(column(team.alice, where)) == order

    def test_in_another_stage(self, team, deals):
        there = stage(team, "Contactado").pk
        for name, position in (("A", 0), ("B", 1), ("C", 1)):
            move(team.alice, deals[name], there, position=position)
        assert "".join(column(team.alice, there)) == "ACB"
        move(team.alice, deals["D"], there)
        assert "".join(column(team.alice, there)) == "DACB"

    def test_counts_what_the_caller_sees(self, team, deals):
        where = stage(team).pk
        bobs = [deal(team, team.bob, name=name)["id"] for name in "YX"]
        move(team.mona, bobs[0], where, position=3)
        assert "".join(column(team.mona, where)) == "XABYCD"
        move(team.bob, bobs[0], where, position=0)
        assert "".join(column(team.mona, where)) == "YXABCD"
        move(team.bob, bobs[0], where, position=1)
        assert "".join(column(team.mona, where)) == "XYABCD"

    def test_never_runs_out_of_room(self, team, deals):
        where, order = stage(team).pk, list("ABCD")
        for _ in range(120):  # halving 1024 so often leaves no number between two
            name = order.pop()
            order.insert(1, name)
            move(team.alice, deals[name], where, position=1)
        assert column(team.alice, where) == order

    def test_of_a_deleted_deal_is_not_given_away(self, team, deals):
        where = stage(team).pk
        team.mona.delete(f"/api/v1/deals/{deals['A']}")
        move(team.alice, deals["D"], where, position=0)
        with tenant_scope(team.tenant.pk):
            ranks = list(Deal.all_objects.values_list("rank", flat=True))
        assert len(set(ranks)) == 4


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_fifty_moves_are_all_done_and_none_in_the_same_place(self, team):
        where, there = stage(team).pk, stage(team, "Negociacion").pk
        ids = [deal(team, team.alice, name=f"D{number}")["id"] for number in range(50)]

        def to(deal_id, number):
            def work():
                return move(team.alice, deal_id, there, position=number % 3).status_code

            return work

        assert set(at_once(*(to(pk, number) for number, pk in enumerate(ids)))) == {200}
        with tenant_scope(team.tenant.pk):
            moved = Deal.objects.filter(stage=there)
            assert sorted(moved.values_list("pk", flat=True)) == sorted(ids)
            assert len(set(moved.values_list("rank", flat=True))) == 50
            assert not Deal.objects.filter(stage=where).exists()
            for each in moved:
                assert each.stays.filter(left_at=None).get().stage_id == there
                assert each.stays.count() == 2

    def test_moves_of_one_deal_leave_one_stay_open(self, team):
        made = deal(team, team.alice)["id"]
        targets = [stage(team, name).pk for name in ("Prospecto", "Contactado", "Negociacion")]
        answers = at_once(
            *(lambda pk=pk: move(team.alice, made, pk).status_code for pk in targets * 4)
        )
        assert set(answers) == {200}
        with tenant_scope(team.tenant.pk):
            found = Deal.objects.get(pk=made)
            assert found.stays.get(left_at=None).stage_id == found.stage_id

    def test_moves_between_two_pipelines_wait_for_each_other_and_not_in_a_circle(self, team):
        here, other = stage(team), another_pipeline(team)
        there = other["stages"][0]["id"]
        going = [deal(team, team.alice)["id"] for _ in range(5)]
        coming = [deal(team, team.alice)["id"] for _ in range(5)]
        for pk in coming:
            team.alice.put(f"/api/v1/deals/{pk}", {"pipeline_id": other["id"], "stage_id": there})

        def put(pk, pipeline_id, stage_id):
            body = {"pipeline_id": pipeline_id, "stage_id": stage_id}
            return lambda: team.alice.put(f"/api/v1/deals/{pk}", body).status_code

        works = [put(pk, other["id"], there) for pk in going]
        works += [put(pk, here.pipeline_id, here.pk) for pk in coming]
        assert set(at_once(*works)) == {200}

    def test_a_stage_is_not_deleted_while_a_deal_enters_it(self, team):
        where = stage(team)
        with tenant_scope(team.tenant.pk):
            fresh = add_stage(pipeline_id=where.pipeline_id, values={"name": "New"})
        made = deal(team, team.alice)["id"]
        path = f"/api/v1/pipelines/{where.pipeline_id}/stages/{fresh.pk}"
        moved, deleted = at_once(
            lambda: move(team.alice, made, fresh.pk).status_code,
            lambda: team.ada.delete(path).status_code,
        )
        assert (moved, deleted) in {(200, 409), (422, 200)}


class TestWeightedAmount:
    @pytest.mark.parametrize(
        ("amount", "probability", "weighted"),
        [("0.55", 30, "0.17"), ("0.05", 50, "0.03"), ("999999999999.99", 100, "999999999999.99")],
    )
    def test_is_rounded_half_up(self, amount, probability, weighted):
        assert Deal(amount=Decimal(amount), probability=probability).weighted_amount == Decimal(
            weighted
        )
