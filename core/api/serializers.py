"""Shapes that resources share."""

from __future__ import annotations

from copy import copy
from typing import Any

from rest_framework import serializers

from core.tenancy import current_tenant


class MessageSerializer(serializers.Serializer):
    """A word about what was done."""

    message = serializers.CharField()


class WriteSerializer(serializers.ModelSerializer):
    """Shape and format of an input. Asks the model's constraints before the database does."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        model: Any = self.Meta.model  # type: ignore[attr-defined]
        candidate = copy(self.instance) if self.instance else model(tenant_id=current_tenant())
        for name, value in attrs.items():
            setattr(candidate, name, value)
        candidate.validate_constraints()
        return attrs
