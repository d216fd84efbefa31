"""What the tests about a card's people send and look up."""

from __future__ import annotations

from typing import Any

from core.tenancy import tenant_scope
from prospects.models import Contact, Prospect
from tests.people import Team

JANE = {
    "name": "Jane Smith",
    "email": "Jane@Acme.com",
    "phone_code": "52",
    "phone": "5559876543",
    "position": "CTO",
}


def again(row: Any) -> Any:
    """A row as it is stored now."""
    with tenant_scope(row.tenant_id):
        return type(row).all_objects.get(pk=row.pk)


def people_of(made: Prospect) -> list[Contact]:
    """The live contacts of a card, the primary first."""
    with tenant_scope(made.tenant_id):
        return list(Contact.objects.filter(prospect=made).order_by("-is_primary", "pk"))


def contacts_in(team: Team) -> int:
    """How many live contacts the tenant has."""
    with tenant_scope(team.tenant.pk):
        return Contact.objects.count()
