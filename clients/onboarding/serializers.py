from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clients.onboarding.models import Onboarding
from clients.onboarding.steps import LABELS

KEYS = tuple(LABELS)


@extend_schema_field({"type": "object", "properties": {key: {"type": "boolean"} for key in KEYS}})
class StepsField(serializers.Field):
    """`{step: whether it is done}`; steps that are not named stay as they are."""

    def to_internal_value(self, data: Any) -> dict[str, bool]:
        if not isinstance(data, dict):
            raise serializers.ValidationError("Must be an object of steps.")
        wrong = {key: [self._what_is_wrong(key, value)] for key, value in data.items()}
        wrong = {key: texts for key, texts in wrong.items() if texts != [""]}
        if wrong:
            raise serializers.ValidationError(wrong)
        return data

    @staticmethod
    def _what_is_wrong(key: str, value: Any) -> str:
        if key not in KEYS:
            return f"Must be one of {', '.join(KEYS)}."
        return "" if isinstance(value, bool) else "Must be true or false."

    def to_representation(self, value: Any) -> Any:
        return value


class OnboardingWriteSerializer(serializers.Serializer):
    """Which steps are done, and how it goes; an empty status follows the steps."""

    steps = StepsField(required=False)
    status = serializers.ChoiceField(
        choices=Onboarding.Status.choices, required=False, allow_blank=True, allow_null=True
    )

    def noted(self) -> dict[str, Any]:
        """Return what was sent as note_onboarding takes it."""
        sent = dict(self.validated_data)
        if "status" in sent:
            sent["status"] = sent["status"] or ""
        return sent


class StepSerializer(serializers.Serializer):
    """One step; with `translate` its label too."""

    key = serializers.ChoiceField(choices=KEYS)
    done = serializers.BooleanField()
    done_at = serializers.DateTimeField(allow_null=True)
    label: Any = serializers.CharField(required=False)


class OnboardingSerializer(serializers.Serializer):
    """How a client starts with us (steps.onboarding_shape makes it)."""

    status = serializers.ChoiceField(choices=Onboarding.Status.choices)
    progress = serializers.IntegerField(min_value=0, max_value=100)
    completed_at = serializers.DateTimeField(allow_null=True)
    steps = StepSerializer(many=True)
