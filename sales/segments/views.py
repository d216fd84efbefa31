from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from core.api.openapi import in_data
from core.api.views import read_body
from core.api.viewsets import ReadMixin, ResourceViewSet, WriteMixin
from core.errors import NotFound
from prospects.contacts.models import Contact
from sales.conditions.compiling import fulfilling
from sales.contacts.filters import ContactFilter
from sales.contacts.rows import contact_rows
from sales.contacts.serializers import SalesContactSerializer
from sales.segments.filters import SegmentFilter
from sales.segments.membership import count_members, members_seen
from sales.segments.models import Segment
from sales.segments.serializers import (
    ContactIdsSerializer,
    PreviewedSerializer,
    PreviewSerializer,
    SegmentSerializer,
    SegmentWriteSerializer,
)
from sales.segments.services import (
    add_members,
    create_segment,
    delete_segment,
    edit_segment,
    remove_members,
)

VIEW = "sales.view_segment"
CHANGE = "sales.change_segment"
SHOWN_IN_PREVIEW = 10


class SegmentViewSet(ReadMixin, WriteMixin, ResourceViewSet):
    """Segments of the tenant; how many are in them is told of those whom the caller sees."""

    model = Segment
    permission: ClassVar[Any] = {
        "list": VIEW,
        "retrieve": VIEW,
        "preview": VIEW,
        "create": "sales.add_segment",
        "update": CHANGE,
        "destroy": "sales.delete_segment",
    }
    read_serializer_class = SegmentSerializer
    write_serializer_class = SegmentWriteSerializer
    filterset_class = SegmentFilter
    version_fields = ("updated_at",)
    request: Any

    def shown(self, queryset: Any) -> Any:
        return queryset.select_related("tenant", "created_by")

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """With the counts of what is shown, asked for once and only if they are shown."""
        shown = args[0] if args else ()
        segments = [shown] if isinstance(shown, Segment) else shown
        counts = cache(lambda: count_members(segments, by=self.request.user))
        kwargs["context"] = {**self.get_serializer_context(), "member_counts": counts}
        return super().get_serializer(*args, **kwargs)

    def add(self, sent: Any) -> int:
        values = {"conditions": [], **sent.columns()}
        contact_ids = sent.validated_data.get("contact_ids", ())
        return create_segment(**values, contact_ids=contact_ids, by=self.request.user).pk

    def change(self, pk: int, sent: Any) -> None:
        edit_segment(
            segment_id=pk,
            values=sent.columns(),
            contact_ids=sent.validated_data.get("contact_ids"),
            by=self.request.user,
        )

    def remove(self, pk: int) -> None:
        delete_segment(segment_id=pk)

    @extend_schema(request=PreviewSerializer, responses=in_data(PreviewedSerializer))
    def preview(self, request: Any) -> Response:
        """Try conditions: how many people they find, and the newest ten of them."""
        sent = read_body(PreviewSerializer, request)
        people = Contact.objects.visible_to(request.user, are_many=True)
        zone = request.user.tenant.zone
        found = fulfilling(sent.validated_data["conditions"], people, zone=zone)
        newest = found.order_by("-pk").values_list("pk", flat=True)[:SHOWN_IN_PREVIEW]
        rows = contact_rows(Contact.objects.filter(pk__in=list(newest)).order_by("-pk"))
        shown = PreviewedSerializer({"count": found.count(), "contacts": rows})
        return Response({"data": shown.data})


class SegmentContactsViewSet(ReadMixin, ResourceViewSet):
    """The people in a segment whom the caller sees; into a static one they are put by hand."""

    model = Contact
    permission: ClassVar[Any] = {
        "list": (VIEW, "prospects.view_contact"),
        "put_in": CHANGE,
        "take_out": CHANGE,
    }
    read_serializer_class = SalesContactSerializer
    filterset_class = ContactFilter
    request: Any

    def narrow(self, queryset: Any) -> Any:
        return members_seen(self._segment(), by=self.request.user).order_by("-pk")

    def shown(self, queryset: Any) -> Any:
        return contact_rows(queryset)

    @extend_schema(request=ContactIdsSerializer, responses=in_data(SegmentSerializer))
    def put_in(self, request: Any, pk: int) -> Response:
        """Put people into a static segment."""
        ids = read_body(ContactIdsSerializer, request).validated_data["contact_ids"]
        add_members(segment_id=pk, contact_ids=ids, by=request.user)
        return self._answer()

    @extend_schema(request=ContactIdsSerializer, responses=in_data(SegmentSerializer))
    def take_out(self, request: Any, pk: int) -> Response:
        """Take people out of a static segment."""
        ids = read_body(ContactIdsSerializer, request).validated_data["contact_ids"]
        remove_members(segment_id=pk, contact_ids=ids, by=request.user)
        return self._answer()

    def _segment(self) -> Segment:
        found = Segment.objects.select_related("tenant", "created_by").filter(pk=self.kwargs["pk"])
        segment = found.first()
        if segment is None:
            raise NotFound("Not found.")
        return segment

    def _answer(self) -> Response:
        segment = self._segment()
        counts = count_members([segment], by=self.request.user)
        shown = SegmentSerializer(segment, context={"member_counts": lambda: counts})
        return Response({"data": shown.data})
