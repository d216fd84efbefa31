"""Clients for tests, made by the service that everybody uses."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from clients.companies.models import Company
from clients.companies.services import become_client
from clients.integrations.models import Integration
from clients.integrations.services import add_integration
from core.tenancy import tenant_scope
from prospects.pipeline.models import Prospect
from tests.people import Team
from tests.prospects.cards_of import card


def client(team: Team, *, details: dict[str, Any] | None = None, **values: Any) -> Company:
    """A company of this team; `values` are its card's, as `card` takes them."""
    made = card(team, **values)
    with tenant_scope(team.tenant.pk):
        return become_client(prospect_id=made.pk, details=details or {}, at=timezone.now())


def integration(team: Team, company: Company, **values: Any) -> Integration:
    """A shop of this company."""
    values = {"platform": "shopify", **values}
    with tenant_scope(team.tenant.pk):
        return add_integration(company_id=company.pk, values=values, at=timezone.now())


def prospect_again(pk: int) -> Prospect:
    """A card as it is now, deleted or not; act for its tenant."""
    return Prospect.all_objects.get(pk=pk)


def company_again(pk: int) -> Company:
    """A company as it is now, deleted or not; act for its tenant."""
    return Company.all_objects.select_related("prospect").get(pk=pk)
