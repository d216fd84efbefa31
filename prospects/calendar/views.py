from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from core.api.errors import Surface
from core.api.views import TenantAPIView, read_body
from core.errors import InvalidInput
from core.rights import CHANGE_PROSPECT, CRM_ACCESS
from prospects.board import parameters as read
from prospects.board.filters import read_filters, sent
from prospects.board.querysets import card_id_of
from prospects.calendar.openapi import PARAMETERS
from prospects.calendar.rows import read_activities
from prospects.calendar.serializers import ActivitySerializer, NoteChangeSerializer
from prospects.followups.scheduling import reschedule_note
from prospects.followups.serializers import NoteSerializer, note_shape
from prospects.pipeline.models import Prospect

MAX_DAYS = 366


class ActivitiesView(TenantAPIView):
    """The calendar: what is planned in some days for the cards that the caller may see."""

    surface = Surface.CRM
    permission = CRM_ACCESS

    @extend_schema(parameters=PARAMETERS, responses=ActivitySerializer(many=True))
    def get(self, request: Any) -> Response:
        given, zone = sent(request.query_params), request.user.tenant.zone
        since, until = read_days(given, zone)
        cards = read_filters(given, zone=zone).apply(Prospect.objects.visible_to(request.user))
        if "source" in given:
            cards = cards.of_source(given["source"])
        return Response(read_activities(cards, since=since, until=until))


class NoteView(TenantAPIView):
    """`/prospects/{id}/notes/{noteId}`: a follow-up of a card, planned anew or settled."""

    surface = Surface.CRM
    permission = (CRM_ACCESS, CHANGE_PROSPECT)

    @extend_schema(request=NoteChangeSerializer, responses=NoteSerializer)
    def patch(self, request: Any, pk: int, note_id: int) -> Response:
        at = timezone.now()
        sent = read_body(NoteChangeSerializer, request, at=at)
        origin = sent.validated_data["origin"]
        note = reschedule_note(
            note_id=note_id,
            prospect_id=card_id_of(origin, pk),
            changes=sent.columns(),
            at=at,
            seen_by=request.user,
        )
        return Response(note_shape(note))


def read_days(given: dict[str, str], zone: tzinfo) -> tuple[datetime, datetime]:
    """Take the days out of the parameters, as the moment they begin and the moment they are over.

    :raises InvalidInput: naming the one that is missing or wrong.
    """
    first, latest = given.pop("startDate", None), given.pop("endDate", None)
    for name, value in (("startDate", first), ("endDate", latest)):
        if value is None:
            raise InvalidInput.of(name, "This parameter is required.")
    since, until = read.days(("startDate", first), ("endDate", latest))
    if (until - since).days >= MAX_DAYS:
        raise InvalidInput.of("endDate", f"At most {MAX_DAYS} days.")
    return read.midnight(since, zone), read.midnight(until + timedelta(days=1), zone)
