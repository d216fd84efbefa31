from __future__ import annotations

from typing import Any

from rest_framework import serializers

from clients.companies.models import Company
from clients.companies.serializers import DetailsSerializer
from core.api.fields import LineField
from prospects.pipeline.models import Prospect


class VisibleField(serializers.PrimaryKeyRelatedField):
    """The id of a row that the caller sees."""

    def get_queryset(self) -> Any:
        rows: Any = super().get_queryset()
        return rows.visible_to(self.context["request"].user)


class ClientWriteSerializer(DetailsSerializer):
    """Which prospect becomes a client and what it is called then, or whose client it is already."""

    prospect_id = VisibleField(queryset=Prospect.objects.all())
    company_id = VisibleField(queryset=Company.objects.all(), required=False, allow_null=True)
    company_name = LineField(max_length=255, required=False, allow_null=True)
