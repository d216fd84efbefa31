from __future__ import annotations

import re
from typing import Any, ClassVar

from django.db import transaction
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from core.api.errors import Surface
from core.api.filters import read_id
from core.api.openapi import IF_MATCH, in_data
from core.api.views import TenantAPIView, read_body
from core.api.viewsets import ReadMixin, ResourceViewSet, WriteMixin
from core.errors import InvalidInput
from core.tallies import CARDS, DEALS, NAMES, PEOPLE
from sales.deals.board import read_board
from sales.deals.filters import DealFilter
from sales.deals.models import Deal
from sales.deals.rows import deal_rows
from sales.deals.serializers import (
    DealBoardSerializer,
    DealDetailSerializer,
    DealSerializer,
    DealWriteSerializer,
    MoveSerializer,
)
from sales.deals.services import create_deal, delete_deal, edit_deal
from sales.pipelines.services import lock_pipeline

MOST_PER_STAGE, PER_STAGE = 100, 25
SECONDS = re.compile(rb'"duration_seconds":\d+')  # since a deal came into its stage


class DealViewSet(ReadMixin, WriteMixin, ResourceViewSet):
    """The deals that the caller sees."""

    model = Deal
    watched = (DEALS, NAMES, PEOPLE, CARDS)  # by people and companies one filters
    permission: ClassVar[Any] = {
        "list": "sales.view_deal",
        "retrieve": "sales.view_deal",
        "create": "sales.add_deal",
        "update": "sales.change_deal",
        "move_stage": "sales.change_deal",
        "destroy": "sales.delete_deal",
    }
    read_serializer_class = DealDetailSerializer
    write_serializer_class = DealWriteSerializer
    filterset_class = DealFilter
    version_fields = ("updated_at",)
    request: Any

    def narrow(self, queryset: Any) -> Any:
        return queryset.visible_to(self.request.user)

    def shown(self, queryset: Any) -> Any:
        return deal_rows(queryset)

    def lasting(self, body: bytes) -> bytes:
        return SECONDS.sub(b"", body)

    def hold(self, pk: int) -> None:
        for pipeline_id in Deal.objects.filter(pk=pk).values_list("pipeline", flat=True):
            lock_pipeline(pipeline_id)
        super().hold(pk)

    def get_serializer_class(self) -> Any:
        return DealSerializer if self.action == "list" else self.read_serializer_class

    def add(self, sent: Any) -> int:
        return create_deal(
            values=sent.columns(),
            stage_id=sent.sent("stage_id"),
            pipeline_id=sent.sent("pipeline_id"),
            contact_ids=sent.sent("contact_ids") or (),
            by=self.request.user,
            at=timezone.now(),
        ).pk

    def change(self, pk: int, sent: Any) -> None:
        edit_deal(
            deal_id=pk,
            values=sent.columns(),
            stage_id=sent.sent("stage_id"),
            pipeline_id=sent.sent("pipeline_id"),
            contact_ids=sent.sent("contact_ids"),
            by=self.request.user,
            at=timezone.now(),
        )

    def remove(self, pk: int) -> None:
        delete_deal(deal_id=pk, by=self.request.user, at=timezone.now())

    @extend_schema(
        parameters=[IF_MATCH], request=MoveSerializer, responses=in_data(DealDetailSerializer)
    )
    def move_stage(self, request: Any, pk: int) -> Response:
        """Put a deal into a stage, on its top or where `position` says."""
        pk = self.seen(pk)
        sent = read_body(MoveSerializer, request)
        with transaction.atomic():
            self.refuse_outdated(pk)
            edit_deal(
                deal_id=pk,
                values=sent.columns(),
                stage_id=sent.sent("stage_id"),
                position=sent.sent("position"),
                by=request.user,
                at=timezone.now(),
            )
        return self.answer(Deal.objects, pk)


class DealBoardView(TenantAPIView):
    """The board of a pipeline: its stages with their first deals, counts and sums by currency."""

    surface = Surface.SALES
    permission = "sales.view_deal"
    watched = (DEALS, NAMES)
    watched_by_sellers = (PEOPLE, CARDS)
    answers_too = (404,)  # there is no such pipeline

    @extend_schema(
        parameters=[
            OpenApiParameter("pipeline_id", int, description="The default one when left out."),
            OpenApiParameter("per_stage", int, description="Deals of each stage: 25, at most 100."),
        ],
        responses=in_data(DealBoardSerializer),
    )
    def get(self, request: Any) -> Response:
        asked = request.query_params.get("pipeline_id")
        pipeline_id = read_id("pipeline_id", asked) if asked else None
        most = _per_stage(request.query_params.get("per_stage"))
        return Response({"data": read_board(request.user, pipeline_id=pipeline_id, most=most)})


def _per_stage(text: str | None) -> int:
    if text is None:
        return PER_STAGE
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0
    if not number:
        raise InvalidInput.of("per_stage", f"Must be a number from 1 to {MOST_PER_STAGE}.")
    return min(number, MOST_PER_STAGE)
