from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.response import Response

from core.api.viewsets import ReadMixin, ResourceViewSet, WriteMixin
from core.errors import NotFound
from prospects.card_contacts.services import remove_contact
from prospects.contacts.models import Contact
from prospects.followups.models import FollowUpNote
from prospects.pipeline.models import Prospect
from sales.contacts.filters import ContactFilter
from sales.contacts.rows import contact_rows, note_rows
from sales.contacts.serializers import (
    ContactNoteSerializer,
    ContactNoteWriteSerializer,
    SalesContactSerializer,
    SalesContactWriteSerializer,
)
from sales.contacts.services import create_contact, note_contact, update_contact

VIEW = "prospects.view_contact"
NEW_CONTACT = inline_serializer(
    "NewContact",
    {
        "data": SalesContactSerializer(),
        "duplicate_of": serializers.IntegerField(
            required=False, help_text="The contact that has this email already."
        ),
    },
)


class ContactViewSet(ReadMixin, WriteMixin, ResourceViewSet):
    """People, with a card or without."""

    model = Contact
    permission = {
        "list": VIEW,
        "retrieve": VIEW,
        "create": "prospects.add_contact",
        "update": "prospects.change_contact",
        "destroy": "prospects.delete_contact",
    }
    read_serializer_class = SalesContactSerializer
    write_serializer_class = SalesContactWriteSerializer
    filterset_class = ContactFilter
    version_fields = ("updated_at",)

    def narrow(self, queryset: Any) -> Any:
        return queryset.visible_to(self.request.user)

    def shown(self, queryset: Any) -> Any:
        return contact_rows(queryset)

    def hold(self, pk: int) -> None:
        list(Prospect.objects.filter(contacts=pk).select_for_update(of=("self",)))
        super().hold(pk)

    @extend_schema(responses={201: NEW_CONTACT})
    def create(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        sent = self.valid(request)
        created = create_contact(
            values=sent.columns(),
            prospect_id=sent.company().get("prospect_id"),
            allow_duplicate=sent.validated_data.get("allow_duplicate", True),
            by=request.user,
            at=timezone.now(),
        )
        duplicate_of = created.duplicate_of
        beside = {} if duplicate_of is None else {"duplicate_of": duplicate_of}
        return self.answer(Contact.objects, created.contact_id, status=201, **beside)

    def change(self, pk: int, sent: Any) -> None:
        user: Any = self.request.user
        update_contact(
            contact_id=pk, values=sent.columns(), by=user, at=timezone.now(), **sent.company()
        )

    def remove(self, pk: int) -> None:
        user: Any = self.request.user
        remove_contact(contact_id=pk, by=user, at=timezone.now(), seen_by=user)


class ContactNoteViewSet(ReadMixin, WriteMixin, ResourceViewSet):
    """The notes about a person, the pinned ones first."""

    model = FollowUpNote
    permission = {"list": "prospects.view_followupnote", "create": "prospects.add_followupnote"}
    read_serializer_class = ContactNoteSerializer
    write_serializer_class = ContactNoteWriteSerializer

    def narrow(self, queryset: Any) -> Any:
        people = Contact.objects.visible_to(self.request.user, are_few=True)
        contact = people.filter(pk=self.kwargs["contact_id"]).first()
        if contact is None:
            raise NotFound("There is no such contact.")
        return queryset.of_contact(contact).order_by("-is_pinned", "-created_at", "-pk")

    def shown(self, queryset: Any) -> Any:
        return note_rows(queryset)

    def add(self, sent: Any) -> int:
        user: Any = self.request.user
        pk = self.kwargs["contact_id"]
        return note_contact(contact_id=pk, by=user, at=timezone.now(), **sent.validated_data)
