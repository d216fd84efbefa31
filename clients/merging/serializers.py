from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field, inline_serializer
from rest_framework import serializers

from clients.merging.relations import RULES
from clients.merging.services import Plan
from clients.merging.undoing import Unmerged
from clients.merging.values import FIELDS, FROM, SURVIVOR
from prospects.cards.openapi import CARD_SCHEMA

_ID: dict[str, Any] = {"min_value": 1, "max_value": 2**63 - 1}


@extend_schema_field(
    {
        "type": "object",
        "properties": {name: {"type": "string", "enum": [FROM, SURVIVOR]} for name in FIELDS},
        "additionalProperties": False,
    }
)
class ChosenField(serializers.Field):
    """`{field: "from" or "survivor"}`: whose value survives."""

    def to_internal_value(self, data: Any) -> dict[str, str]:
        if not isinstance(data, dict):
            raise serializers.ValidationError("Must be an object.")
        if unknown := sorted(set(data) - set(FIELDS)):
            names = ", ".join(FIELDS)
            raise serializers.ValidationError(f"Unknown field {unknown[0]!r}; there are: {names}.")
        for name, choice in data.items():
            if choice not in (FROM, SURVIVOR):
                raise serializers.ValidationError({name: [f"Must be {FROM!r} or {SURVIVOR!r}."]})
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class MergeWriteSerializer(serializers.Serializer):
    """What goes into a card, and whose values survive."""

    from_id = serializers.IntegerField(**_ID, help_text="The card that goes.")
    fields = ChosenField(  # type: ignore[assignment]
        required=False,
        help_text=(
            "Whose value survives; the survivor's where nothing is said. An empty value never"
            " survives another: what the survivor lacks is filled in any case. A client stays one."
        ),
    )
    dry_run = serializers.BooleanField(default=False, help_text="Answer only; write nothing.")


class UnmergeWriteSerializer(serializers.Serializer):
    """Which merge into this card is undone."""

    merge_id = serializers.IntegerField(
        **_ID, required=False, help_text="The latest that stands if left out."
    )


def _counts() -> serializers.DictField:
    """How many, by relation. One for each place: a field knows its name."""
    return serializers.DictField(child=serializers.IntegerField())


MERGED_SCHEMA = inline_serializer(
    "Merged",
    {
        "dry_run": serializers.BooleanField(),
        "merge_id": serializers.IntegerField(allow_null=True, help_text="null of a dry run"),
        "prospect_id": serializers.IntegerField(),
        "merged_id": serializers.IntegerField(),
        "changes": serializers.DictField(
            child=inline_serializer(
                "MergedValue",
                {
                    "before": serializers.JSONField(allow_null=True),
                    "after": serializers.JSONField(allow_null=True),
                },
            )
        ),
        "moved": _counts(),
        "card": serializers.JSONField(
            allow_null=True, help_text="As GET /prospects/{id} answers it; null of a dry run."
        ),
    },
)
UNMERGED_SCHEMA = inline_serializer(
    "Unmerged",
    {
        "merge_id": serializers.IntegerField(),
        "prospect_id": serializers.IntegerField(),
        "restored_id": serializers.IntegerField(),
        "moved": _counts(),
        "kept_rows": _counts(),
        "kept_fields": serializers.ListField(child=serializers.CharField()),
        "card": CARD_SCHEMA,
    },
)


def plan_shape(plan: Plan) -> dict[str, Any]:
    """What a merge changes and moves, as MERGED_SCHEMA describes it."""
    after = {**plan.before, **plan.changes}
    changed = {
        name: {"before": _shown(name, plan.before), "after": _shown(name, after)}
        for name, columns in FIELDS.items()
        if plan.changes.keys() & set(columns)
    }
    moved = {RULES[label].name: len(ids) for label, ids in plan.moves.items()}
    ids = {"prospect_id": plan.target.pk, "merged_id": plan.source.pk}
    return {**ids, "changes": changed, "moved": moved}


def _shown(name: str, values: dict[str, Any]) -> Any:
    """The value of a field, as the API shows it."""
    if name == "phone":
        return f"+{values['phone_code']}{values['phone']}" if values["phone"] else ""
    value = values[FIELDS[name][0]]
    return value is not None if name == "verified" else value


def unmerged_shape(done: Unmerged) -> dict[str, Any]:
    """What undoing a merge did, as UNMERGED_SCHEMA describes it, without the card."""
    return {
        "merge_id": done.merge.pk,
        "prospect_id": done.merge.survivor_id,
        "restored_id": done.merge.merged_id,
        "moved": done.moved,
        "kept_rows": done.kept_rows,
        "kept_fields": done.kept_fields,
    }
