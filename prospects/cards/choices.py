"""What the drop-downs of a card offer."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.response import Response

from core.api.errors import Surface
from core.api.permissions import SIGNED_IN
from core.api.views import TenantAPIView
from core.tallies import NAMES
from prospects.catalogs.services import CATALOGS, list_catalogs
from prospects.pipeline.models import FollowUpCategory


class CatalogEntrySerializer(serializers.Serializer):
    """One choice of a drop-down."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    position = serializers.IntegerField()


CATEGORY = inline_serializer(
    "CatalogCategory",
    {
        "id": serializers.IntegerField(),
        "name": serializers.CharField(),
        "label": serializers.CharField(),
        "color": serializers.CharField(),
        "kind": serializers.CharField(),
        "position": serializers.IntegerField(),
    },
    many=True,
)
LOCALE = inline_serializer(
    "CatalogLocale",
    {
        "id": serializers.IntegerField(),
        "name": serializers.CharField(),
        "country_code": serializers.CharField(),
        "phone_code": serializers.CharField(),
        "currency": serializers.CharField(),
        "rate": serializers.DecimalField(max_digits=14, decimal_places=6),
    },
    many=True,
)


LISTS: dict[str, Any] = {key: CatalogEntrySerializer(many=True) for key in CATALOGS}
LISTS |= {"follow_up_categories": CATEGORY, "locales": LOCALE}


class CatalogsView(TenantAPIView):
    """Every list of the drop-downs, in one answer."""

    surface = Surface.CRM
    permission = SIGNED_IN
    watched = (NAMES,)

    @extend_schema(responses=inline_serializer("Catalogs", LISTS))
    def get(self, request: Any) -> Response:
        categories = FollowUpCategory.objects.in_order().values(
            "id", "name", "label", "color", "kind", "position"
        )
        return Response({"follow_up_categories": list(categories), **list_catalogs()})
