"""Shapes that resources share."""

from __future__ import annotations

from copy import copy, deepcopy
from functools import cached_property
from typing import Any

from rest_framework import serializers
from rest_framework.fields import empty

from core.tenancy import current_tenant


class MessageSerializer(serializers.Serializer):
    """A word about what was done."""

    message = serializers.CharField()


class RowSerializer(serializers.Serializer):
    """A row of a list, which is sent whole where what holds the list is changed in part, too.

    DRF asks a part of a partial change for none of its fields, and gives them no defaults.
    """

    @cached_property
    def _alone(self) -> Any:
        return type(self)(context=self.context)

    def run_validation(self, data: Any = empty) -> Any:
        if self.parent is None:
            return super().run_validation(data)
        return self._alone.run_validation(data)


class ChangeSerializer(serializers.Serializer):
    """What may be sent to change something: any of its fields, none has a default.

    Only the fields that were sent are made: making all of a wide shape takes longer than reading
    the few that somebody changes.
    """

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        declared = cls._declared_fields.items()  # type: ignore[attr-defined]
        wrong = [name for name, field in declared if field.required or field.default is not empty]
        if wrong:
            raise TypeError(f"{cls.__name__}: {', '.join(wrong)} cannot be left out")

    def get_fields(self) -> dict[str, Any]:
        declared = self._declared_fields  # type: ignore[attr-defined]
        sent = getattr(self, "initial_data", declared)
        return {name: deepcopy(field) for name, field in declared.items() if name in sent}


class WriteSerializer(serializers.ModelSerializer):
    """Shape and format of an input. Asks the model's constraints before the database does."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        model: Any = self.Meta.model  # type: ignore[attr-defined]
        candidate = copy(self.instance) if self.instance else model(tenant_id=current_tenant())
        for name, value in attrs.items():
            setattr(candidate, name, value)
        candidate.validate_constraints()
        return attrs
