from __future__ import annotations

from typing import Any

from rest_framework import serializers

from sales.pipelines.models import COLOR, Pipeline, Stage

POSITION: dict[str, Any] = {"min_value": 0, "max_value": 10_000, "required": False}


class StageSerializer(serializers.ModelSerializer):
    """A stage of a pipeline."""

    type = serializers.ChoiceField(source="kind", choices=Stage.Kind.choices)

    class Meta:
        model = Stage
        fields = ["id", "name", "type", "color", "default_probability", "position"]


class PipelineSerializer(serializers.ModelSerializer):
    """A pipeline with its stages, in their order."""

    stages = StageSerializer(many=True)

    class Meta:
        model = Pipeline
        fields = ["id", "name", "is_default", "position", "stages"]


class StageWriteSerializer(serializers.Serializer):
    """A stage as it is sent; for a change, what is sent counts."""

    name = serializers.CharField(max_length=120)
    type = serializers.ChoiceField(source="kind", choices=Stage.Kind.choices, required=False)
    color = serializers.RegexField(COLOR, required=False)
    default_probability = serializers.IntegerField(min_value=0, max_value=100, required=False)
    position = serializers.IntegerField(**POSITION)


class PipelineWriteSerializer(serializers.Serializer):
    """A pipeline as it is sent."""

    name = serializers.CharField(max_length=120)
    is_default = serializers.BooleanField(required=False)
    position = serializers.IntegerField(**POSITION)


class NewPipelineSerializer(PipelineWriteSerializer):
    """A new pipeline, with stages of its own or those that one starts with."""

    stages = StageWriteSerializer(many=True, required=False, max_length=50)  # type: ignore[call-arg]
