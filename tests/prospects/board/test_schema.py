from __future__ import annotations

import pytest
from rest_framework import serializers

from prospects.board.serializers import (
    BoardRecordSerializer,
    GroupedSerializer,
    KpiSerializer,
    ListRecordSerializer,
    ListSerializer,
)
from prospects.cards.openapi import CARD_SCHEMA
from tests.prospects.cards_of import card


def keys(serializer) -> set[str]:
    return set(serializer().fields if isinstance(serializer, type) else serializer.fields)


@pytest.fixture
def a_card(team):
    made = card(team, owner=team.alice, name="Ana", account_value=5)
    team.alice.post(f"/prospects/{made.pk}/notes", {"note": "x"})
    return made


class TestDeclaredShapes:
    """The hot answers are made by SQL; the schema must describe exactly them."""

    def test_are_those_of_the_list(self, team, a_card):
        answer = team.alice.get("/prospects/list").json()
        assert set(answer) == keys(ListSerializer)
        assert set(answer["data"][0]) == keys(ListRecordSerializer)

    def test_are_those_of_the_board(self, team, a_card):
        answer = team.alice.get("/prospects/grouped", {"counters": "true"}).json()
        assert set(answer) == keys(GroupedSerializer)
        assert set(answer["categories"][0]["records"][0]) == keys(BoardRecordSerializer)
        report = team.alice.get("/prospects/grouped", {"report": "true"}).json()
        assert set(report["categories"][0]["records"][0]) == keys(ListRecordSerializer)

    def test_are_those_of_the_figures(self, team, a_card):
        assert set(team.alice.get("/prospects/kpis").json()[0]) == keys(KpiSerializer)

    def test_are_those_of_a_card(self, team, a_card):
        answer = team.alice.get(f"/prospects/{a_card.pk}").json()
        assert set(answer) == keys(CARD_SCHEMA) - {"partner_data"}  # partners have it
        for name, field in CARD_SCHEMA.fields.items():
            if name in answer and isinstance(field, serializers.Serializer):
                assert set(answer[name]) == keys(field), name
        assert set(answer["notes"][0]) == keys(CARD_SCHEMA.fields["notes"].child)
