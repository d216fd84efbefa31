"""Conditions that cannot be: told by their place, and nothing is written."""

from __future__ import annotations

from datetime import UTC

import pytest

from core.errors import InvalidInput
from core.tenancy import tenant_scope
from sales.conditions.reading import read_conditions
from sales.models import Segment
from tests.sales.segments.segments_of import PREVIEW, SEGMENTS, segment, where

GOOD = where("city", "=", "León")


def nested(depth):
    group = {"any": [GOOD]}
    for _ in range(depth - 1):
        group = {"any": [group]}
    return group


def place_of(answer):
    assert answer.status_code == 422, answer.content
    (place,) = answer.json()["errors"]
    return place


class TestWrongConditions:
    @pytest.mark.parametrize(
        ("wrong", "place"),
        [
            (where("password", "=", "x"), "field"),
            (where("owner__password", "=", "x"), "field"),
            (where("tenant_id", "=", 1), "field"),
            (where("custom_fields.", "=", "x"), "field"),
            (where("custom_fields." + "x" * 101, "=", "x"), "field"),
            (where("custom_fields.a\0b", "=", "x"), "field"),
            (where(None, "=", "x"), "field"),
            (where(["city"], "=", "x"), "field"),
            ({}, "field"),
            (where("city", ">", "x"), "operator"),
            (where("city", "LIKE", "x"), "operator"),
            (where("city", "= '' OR 1 =", "x"), "operator"),
            (where("city", None, "x"), "operator"),
            (where("city", {"=": 1}, "x"), "operator"),
            (where("lead_score", "contains", 5), "operator"),
            (where("created_at", "in", ["2026-01-01"]), "operator"),
            (where("lifecycle_stage", ">", "lead"), "operator"),
            (where("city", "="), "value"),
            (where("city", "=", ""), "value"),
            (where("city", "=", "  "), "value"),
            (where("city", "=", 5), "value"),
            (where("city", "=", ["León"]), "value"),
            (where("city", "=", {"a": 1}), "value"),
            (where("city", "=", "a\0b"), "value"),
            (where("city", "=", "x" * 256), "value"),
            (where("city", "in", "León"), "value"),
            (where("city", "in", []), "value"),
            (where("city", "in", ["x"] * 201), "value"),
            (where("city", "in", ["x", None]), "value"),
            (where("phone", "=", "call me"), "value"),
            (where("lifecycle_stage", "=", "rich"), "value"),
            (where("lifecycle_stage", "in", ["lead", []]), "value"),
            (where("lead_score", "=", "5"), "value"),
            (where("lead_score", "=", True), "value"),
            (where("lead_score", "=", 1.5), "value"),
            (where("lead_score", ">", 101), "value"),
            (where("lead_score", ">", -1), "value"),
            (where("lead_score", ">", 10**400), "value"),
            (where("owner_id", "=", "1"), "value"),
            (where("owner_id", "=", 0), "value"),
            (where("owner_id", "=", 2**63), "value"),
            (where("created_at", "before", "soon"), "value"),
            (where("created_at", "before", "2026-02-30"), "value"),
            (where("created_at", "before", 20260101), "value"),
            (where("created_at", "within_days", 0), "value"),
            (where("created_at", "within_days", 3651), "value"),
            (where("created_at", "within_days", 1.5), "value"),
            (where("created_at", "within_days", "30"), "value"),
            (where("created_at", "within_days", True), "value"),
            (where("custom_fields.n", ">", "5"), "value"),
            (where("custom_fields.n", "=", None), "value"),
            (where("custom_fields.n", "=", [1]), "value"),
            (where("custom_fields.n", "=", 10**30), "value"),
            (where("custom_fields.n", "contains", 5), "value"),
            (where("custom_fields.n", "before", "soon"), "value"),
        ],
    )
    def test_are_told_by_their_place(self, team, wrong, place):
        for conditions, prefix in (
            ([GOOD, wrong], "conditions.1"),
            ([{"any": [GOOD, {"all": [wrong]}]}], "conditions.0.any.1.all.0"),
        ):
            answer = team.mona.post(PREVIEW, {"conditions": conditions})
            assert place_of(answer) == f"{prefix}.{place}"

    @pytest.mark.parametrize(
        ("conditions", "place"),
        [
            (None, "conditions"),
            ({}, "conditions"),
            ("city = 'León'", "conditions"),
            ([GOOD] * 200, "conditions"),
            ([{"any": [GOOD] * 26}, {"any": [GOOD] * 26}], "conditions"),
            ([{"any": [GOOD] * 51}], "conditions.0.any"),
            ([["city", "=", "León"]], "conditions.0"),
            ([None], "conditions.0"),
            ([{"any": []}], "conditions.0.any"),
            ([{"any": GOOD}], "conditions.0.any"),
            ([{"any": [GOOD], "all": [GOOD]}], "conditions.0"),
            ([{"any": [GOOD], **GOOD}], "conditions.0"),
            ([nested(4)], "conditions.0.any.0.any.0.any.0"),
            ([nested(20)], "conditions.0.any.0.any.0.any.0"),
        ],
    )
    def test_of_the_wrong_shape_are_too(self, team, conditions, place):
        for send, path, body in (
            (team.mona.post, PREVIEW, {}),
            (team.mona.post, SEGMENTS, {"name": "x", "type": "dynamic"}),
        ):
            assert place_of(send(path, body | {"conditions": conditions})) == place
        with tenant_scope(team.tenant.pk):
            assert not Segment.objects.exists()

    def test_do_not_change_a_segment(self, team):
        made = segment(team, conditions=[GOOD])
        path = f"{SEGMENTS}/{made['id']}"
        answer = team.mona.put(path, {"name": "Other", "conditions": [where("x", "=", 1)]})
        assert place_of(answer) == "conditions.0.field"
        assert team.mona.get(path).json()["data"] == made


class TestAcceptedConditions:
    def test_may_be_fifty_and_three_deep(self, team):
        for conditions in ([GOOD] * 50, [nested(3)]):
            assert team.mona.post(PREVIEW, {"conditions": conditions}).status_code == 200

    def test_are_kept_without_what_else_was_sent(self, team):
        made = segment(team, conditions=[{**GOOD, "label": "x"}, where("city", "is_empty", "x")])
        assert made["conditions"] == [GOOD, where("city", "is_empty")]

    def test_of_preview_need_a_body(self, team):
        for body in ({}, [], None, "x"):
            assert team.mona.post(PREVIEW, body).status_code == 422


class TestHalfCharacters:
    """The API's parser refuses them; the back office's builder sends JSON of its own."""

    def test_are_in_no_name(self):
        with pytest.raises(InvalidInput) as refused:
            read_conditions([where("custom_fields.\ud800", "is_empty")], UTC)
        assert list(refused.value.fields) == ["conditions.0.field"]
        refused.value.message.encode()
