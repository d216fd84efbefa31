from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import F
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from core.api.openapi import in_data
from core.api.viewsets import ReadMixin, ResourceViewSet, WriteMixin
from sales.activities.filters import ActivityFilter
from sales.activities.models import Activity
from sales.activities.serializers import SalesActivitySerializer, SalesActivityWriteSerializer
from sales.activities.services import (
    complete_activity,
    create_activity,
    delete_activity,
    edit_activity,
)

COLUMNS = (
    *("id", "subject", "type", "status", "priority", "due_at", "completed_at", "notes", "user_id"),
    *("contact_id", "deal_id", "company_id", "created_at", "updated_at"),
)


class ActivityViewSet(ReadMixin, WriteMixin, ResourceViewSet):
    """What people are to do, as far as the caller sees it."""

    model = Activity
    permission: ClassVar[Any] = {
        "list": "sales.view_activity",
        "retrieve": "sales.view_activity",
        "create": "sales.add_activity",
        "update": "sales.change_activity",
        "complete": "sales.change_activity",
        "destroy": "sales.delete_activity",
    }
    read_serializer_class = SalesActivitySerializer
    write_serializer_class = SalesActivityWriteSerializer
    filterset_class = ActivityFilter
    request: Any

    def narrow(self, queryset: Any) -> Any:
        return queryset.visible_to(self.request.user)

    def shown(self, queryset: Any) -> Any:
        return queryset.values(*COLUMNS, user_name=F("user__name"))

    def add(self, sent: Any) -> int:
        by, at = self.request.user, timezone.now()
        return create_activity(values=sent.columns(), by=by, at=at).pk

    def change(self, pk: int, sent: Any) -> None:
        by, at = self.request.user, timezone.now()
        edit_activity(activity_id=pk, values=sent.columns(), by=by, at=at)

    def remove(self, pk: int) -> None:
        delete_activity(activity_id=pk, by=self.request.user, at=timezone.now())

    @extend_schema(request=None, responses=in_data(SalesActivitySerializer))
    def complete(self, request: Any, pk: int) -> Response:
        """Note that it was done."""
        complete_activity(activity_id=pk, by=request.user, at=timezone.now())
        return self.answer(Activity.objects, pk)
