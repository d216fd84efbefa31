from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework.fields import CharField
from rest_framework.response import Response

from core.api.errors import Surface
from core.api.openapi import IF_MATCH
from core.api.versions import asks_for_version, etag_of, refuse_outdated
from core.api.views import TenantAPIView, read_body
from core.errors import NotFound
from core.rights import CHANGE_PROSPECT, CRM_ACCESS, CRM_PARTNERS
from prospects.board import parameters as read
from prospects.board.filters import SOURCES
from prospects.board.rows import Clock
from prospects.cards.openapi import CARD_SCHEMA
from prospects.cards.page import read_card
from prospects.cards.serializers import DataWriteSerializer, ProspectWriteSerializer
from prospects.followups.serializers import NoteSerializer, NoteWriteSerializer, note_shape
from prospects.followups.services import add_note
from prospects.partners.serializers import PartnerDataWriteSerializer
from prospects.partners.services import set_partner_data
from prospects.pipeline.deleting import delete_prospect
from prospects.pipeline.locking import lock_prospect
from prospects.pipeline.models import Prospect
from prospects.pipeline.redirecting import FollowsMergedCards
from prospects.pipeline.services import edit_prospect

NOTES_BEFORE = OpenApiParameter(
    "notes_before", int, description="Id of a note of the card: the 100 notes before it."
)


def notes_before(request: Any) -> int | None:
    """Read which note of a card is known already."""
    given = request.query_params.get("notes_before", "").strip()
    return read.whole_number("notes_before", given, least=1) if given else None


class CardView(FollowsMergedCards, TenantAPIView):
    """What is done with one card. A card that the caller may not see does not exist for them."""

    surface = Surface.CRM

    def visible_card(self, request: Any, pk: int) -> Prospect:
        """Return the card.

        :raises NotFound: there is none, or the caller may not see it.
        """
        card = Prospect.objects.visible_to(request.user).filter(pk=pk).first()
        if card is None:
            raise NotFound("There is no such prospect.")
        return card

    def answer(self, request: Any, pk: int, **kwargs: Any) -> Response:
        """The whole card, as it is after a write (read_card)."""
        clock = Clock(at=timezone.now(), zone=request.user.tenant.zone)
        card = read_card(pk, clock=clock, **kwargs)
        return Response(card, headers={"ETag": etag_of(card["prospect"]["updated_at"])})

    def refuse_outdated(self, request: Any, pk: int) -> None:
        """Hold the card to what the caller has seen of it, if they say so; in a transaction.

        :raises Outdated: it has changed since.
        """
        if asks_for_version(request):
            card = lock_prospect(pk, columns=["updated_at"], seen_by=request.user)
            refuse_outdated(request, etag_of(card.updated_at))

    def valid(self, serializer_class: Any, request: Any, **context: Any) -> Any:
        """Return a serializer with what was sent, or raise what is wrong with it."""
        return read_body(serializer_class, request, **context)


class ProspectView(CardView):
    """`/prospects/{id}`"""

    names_answers = True
    permission = {
        "get": CRM_ACCESS,
        "patch": CHANGE_PROSPECT,
        "delete": "prospects.delete_prospect",
    }

    @extend_schema(
        parameters=[
            OpenApiParameter("source", str, enum=SOURCES, default="company"),
            NOTES_BEFORE,
        ],
        responses=CARD_SCHEMA,
    )
    def get(self, request: Any, pk: int) -> Response:
        source = request.query_params.get("source") or "company"
        read.choice("source", source, SOURCES)
        return self.answer(
            request,
            pk,
            user=request.user,
            notes_before=notes_before(request),
            as_partner=source == "partner",
        )

    @extend_schema(parameters=[IF_MATCH], request=ProspectWriteSerializer, responses=CARD_SCHEMA)
    def patch(self, request: Any, pk: int) -> Response:
        card = self.visible_card(request, pk)
        sent = self.valid(ProspectWriteSerializer, request, card=card)
        with transaction.atomic():
            self.refuse_outdated(request, pk)
            edit_prospect(
                prospect_id=pk, changes=sent.columns(), at=timezone.now(), seen_by=request.user
            )
        return self.answer(request, pk)

    @extend_schema(responses=inline_serializer("Deleted", {"message": CharField()}))
    def delete(self, request: Any, pk: int) -> Response:
        """Delete the card and its people, restorably. A client is deleted as a company."""
        delete_prospect(prospect_id=pk, at=timezone.now(), seen_by=request.user)
        return Response({"message": "The prospect was deleted."})


class DataView(CardView):
    """`/prospects/{id}/data`"""

    permission = (CRM_ACCESS, CHANGE_PROSPECT)

    @extend_schema(parameters=[IF_MATCH], request=DataWriteSerializer, responses=CARD_SCHEMA)
    def patch(self, request: Any, pk: int) -> Response:
        sent = self.valid(DataWriteSerializer, request)
        services = sent.validated_data.get("services")
        with transaction.atomic():
            self.refuse_outdated(request, pk)
            edit_prospect(
                prospect_id=pk,
                changes=sent.columns(),
                at=timezone.now(),
                assignments=sent.validated_data.get("assignments"),
                service_ids=None if services is None else set(services),
                seen_by=request.user,
            )
        return self.answer(request, pk)


class PartnerDataView(CardView):
    """`/prospects/{id}/partner-data`"""

    permission = (CRM_PARTNERS, "prospects.change_partnerdata")

    @extend_schema(request=PartnerDataWriteSerializer, responses=CARD_SCHEMA)
    def patch(self, request: Any, pk: int) -> Response:
        self.visible_card(request, pk)  # before the body: its ids are another tenant's for others
        sent = self.valid(PartnerDataWriteSerializer, request)
        set_partner_data(prospect_id=pk, values=sent.columns(), seen_by=request.user)
        return self.answer(request, pk, as_partner=True)


class NotesView(CardView):
    """`/prospects/{id}/notes`"""

    permission = (CRM_ACCESS, CHANGE_PROSPECT)
    takes_key = True

    @extend_schema(request=NoteWriteSerializer, responses=NoteSerializer)
    def post(self, request: Any, pk: int) -> Response:
        sent = self.valid(NoteWriteSerializer, request).validated_data
        note = add_note(
            prospect_id=pk,
            note=sent["note"],
            action=sent["action"],
            category_id=sent.get("follow"),
            scheduled_at=sent.get("scheduled_date"),
            by=request.user,
            at=timezone.now(),
            seen_by=request.user,
        )
        return Response(note_shape(note))
