from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from core.api.errors import Surface
from core.api.views import TenantAPIView, read_body
from core.errors import NotFound
from core.rights import CRM_ACCESS
from prospects.card_contacts.serializers import (
    ContactChangeSerializer,
    ContactTargetSerializer,
    ContactWriteSerializer,
)
from prospects.card_contacts.services import (
    add_contact,
    edit_contact,
    edit_primary,
    remove_contact,
)
from prospects.contacts.models import Contact
from prospects.contacts.serializers import ContactSerializer
from prospects.pipeline.models import Prospect


class ContactsView(TenantAPIView):
    """`/prospects/{id}/contacts`"""

    surface = Surface.CRM
    permission = {
        "post": (CRM_ACCESS, "prospects.add_contact"),
        "put": (CRM_ACCESS, "prospects.change_contact"),
        "delete": (CRM_ACCESS, "prospects.delete_contact"),
    }
    takes_key = True

    @extend_schema(request=ContactWriteSerializer, responses=ContactSerializer)
    def post(self, request: Any, pk: int) -> Response:
        sent = read_body(ContactWriteSerializer, request)
        contact = add_contact(prospect_id=pk, values=sent.columns(), **_acting(request))
        return Response(ContactSerializer(contact).data)

    @extend_schema(request=ContactChangeSerializer, responses=ContactSerializer)
    def put(self, request: Any, pk: int) -> Response:
        """Change a person: the prospect's own with `isDefault`, else the contact whose id is in
        the path, or in the body (`id`) when the path has its prospect's.
        """
        target = read_body(ContactTargetSerializer, request).validated_data
        is_default, contact_id = target["isDefault"], target.get("id")
        person = find_person(request.user, pk, is_default=is_default, contact_id=contact_id)
        sent = read_body(ContactWriteSerializer, request, partial=True, person=person)
        if is_default:
            changed = edit_primary(prospect_id=pk, values=sent.columns(), **_acting(request))
        else:
            changed = edit_contact(contact_id=person.pk, values=sent.columns(), **_acting(request))
        return Response(ContactSerializer(changed).data)

    @extend_schema(responses=ContactSerializer)
    def delete(self, request: Any, pk: int) -> Response:
        """Delete the contact whose id is in the path."""
        person = find_person(request.user, pk)
        removed = remove_contact(contact_id=person.pk, **_acting(request))
        return Response(ContactSerializer(removed).data)


def find_person(
    user: Any, pk: int, *, is_default: bool = False, contact_id: int | None = None
) -> Prospect | Contact:
    """Return the card (with `is_default`) or the contact that a request is about.

    :param pk: the id in the path.
    :raises NotFound: there is none, or the user may not see it.
    """
    found: Any
    if is_default:
        found = Prospect.objects.visible_to(user).filter(pk=pk)
    else:
        of_a_card = {"pk": pk} if contact_id is None else {"pk": contact_id, "prospect_id": pk}
        visible = Contact.objects.visible_to(user, are_few=True)
        found = visible.filter(prospect__isnull=False, **of_a_card)
    person = found.first()
    if person is None:
        raise NotFound("There is no such prospect." if is_default else "There is no such contact.")
    return person


def _acting(request: Any) -> dict[str, Any]:
    return {"by": request.user, "at": timezone.now(), "seen_by": request.user}
