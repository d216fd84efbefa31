from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from clients.companies.models import Company
from clients.companies.services import become_client
from clients.merging.services import merge_into_company
from clients.overview.openapi import CLIENT_SCHEMA
from clients.overview.page import read_client
from clients.overview.serializers import ClientWriteSerializer
from core.api.errors import Surface
from core.api.openapi import IF_MATCH
from core.api.versions import etag_of
from core.api.views import TenantAPIView, read_body
from core.errors import NotFound
from core.rights import CRM_ACCESS
from prospects.board.rows import Clock
from prospects.card_contacts.serializers import ContactWriteSerializer
from prospects.card_contacts.services import add_contact
from prospects.cards.serializers import DataWriteSerializer
from prospects.cards.views import NOTES_BEFORE, DataView, NotesView, notes_before
from prospects.contacts.serializers import ContactSerializer
from prospects.followups.serializers import NoteSerializer, NoteWriteSerializer


def card_of(user: Any, company_id: int) -> int:
    """Return the id of a company's card.

    :raises NotFound: there is no such company, or the user may not see it.
    """
    companies = Company.objects.visible_to(user).filter(pk=company_id)
    prospect_id: int | None = companies.values_list("prospect", flat=True).first()
    if prospect_id is None:
        raise NotFound("There is no such client.")
    return prospect_id


def whole_client(request: Any, company_id: int, **asked: Any) -> Response:
    """The whole client, in the version of its card; `asked` as for read_client."""
    clock = Clock(at=timezone.now(), zone=request.user.tenant.zone)
    client, changed_at = read_client(company_id, clock=clock, **asked)
    return Response(client, headers={"ETag": etag_of(changed_at)})


class ClientsView(TenantAPIView):
    """`/clients`: a prospect becomes a client, or turns out to be one of ours."""

    surface = Surface.CRM
    permission = (CRM_ACCESS, "clients.add_company")
    takes_key = True
    answers_too = (404,)  # somebody else has merged or deleted the card meanwhile

    @extend_schema(request=ClientWriteSerializer, responses=CLIENT_SCHEMA)
    def post(self, request: Any) -> Response:
        sent = read_body(ClientWriteSerializer, request)
        given = sent.validated_data
        acting: dict[str, Any] = {"at": timezone.now(), "seen_by": request.user}
        prospect_id, into = given["prospect_id"].pk, given.get("company_id")
        if into:
            company = merge_into_company(prospect_id=prospect_id, company_id=into.pk, **acting)
        else:
            company = become_client(
                prospect_id=prospect_id,
                details=sent.details(),
                company_name=given.get("company_name") or "",
                **acting,
            )
        return whole_client(request, company.pk)


class ClientView(TenantAPIView):
    """`/clients/{id}`"""

    names_answers = True
    surface = Surface.CRM
    permission = CRM_ACCESS

    @extend_schema(parameters=[NOTES_BEFORE], responses=CLIENT_SCHEMA)
    def get(self, request: Any, pk: int) -> Response:
        return whole_client(request, pk, user=request.user, notes_before=notes_before(request))


class ClientDataView(DataView):
    """`/clients/{id}/data`: what `/prospects/{id}/data` does, for the client's card."""

    @extend_schema(parameters=[IF_MATCH], request=DataWriteSerializer, responses=CLIENT_SCHEMA)
    def patch(self, request: Any, pk: int) -> Response:
        return super().patch(request, card_of(request.user, pk))

    def answer(self, request: Any, pk: int, **kwargs: Any) -> Response:
        return whole_client(request, self.kwargs["pk"], **kwargs)


class ClientNotesView(NotesView):
    """`/clients/{id}/notes`: what `/prospects/{id}/notes` does, for the client's card."""

    @extend_schema(request=NoteWriteSerializer, responses=NoteSerializer)
    def post(self, request: Any, pk: int) -> Response:
        return super().post(request, card_of(request.user, pk))


class ClientContactsView(TenantAPIView):
    """`/clients/{id}/contacts`"""

    surface = Surface.CRM
    permission = (CRM_ACCESS, "prospects.add_contact")
    takes_key = True

    @extend_schema(request=ContactWriteSerializer, responses=ContactSerializer)
    def post(self, request: Any, pk: int) -> Response:
        prospect_id = card_of(request.user, pk)
        contact = add_contact(
            prospect_id=prospect_id,
            values=read_body(ContactWriteSerializer, request).columns(),
            by=request.user,
            at=timezone.now(),
            seen_by=request.user,
        )
        return Response(ContactSerializer(contact).data)
