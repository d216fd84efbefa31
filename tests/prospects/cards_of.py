"""Cards for tests, made by the service that everybody uses."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from core.tenancy import tenant_scope
from prospects.models import FollowUpCategory, Prospect, TeamAssignment
from prospects.pipeline.services import create_prospect
from tests.people import Person, Team


def category(team: Team, name: str) -> FollowUpCategory:
    """A category of the team's board by its name."""
    with tenant_scope(team.tenant.pk):
        return FollowUpCategory.objects.get(name=name)


def card(
    team: Team,
    *,
    owner: Person | None = None,
    at: datetime | None = None,
    category_name: str | None = None,
    team_roles: dict[str, Person] | None = None,
    **values: Any,
) -> Prospect:
    """A card of this team; without a name it is called Acme Corp."""
    if not {"name", "company_name", "email", "phone"} & values.keys():
        values["company_name"] = "Acme Corp"
    with tenant_scope(team.tenant.pk):
        if category_name:
            values["category_id"] = FollowUpCategory.objects.get(name=category_name).pk
        if owner:
            values["owner_id"] = owner.id
        made = create_prospect(values=values, at=at or timezone.now())
        for role, person in (team_roles or {}).items():
            TeamAssignment.objects.create(prospect=made, role=role, user=person.user)
    return made
