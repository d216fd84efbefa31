"""Rows that fields name: what stands in paths, and what only bodies and queries name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from clients.models import CardMerge
from core.tenancy import tenant_scope
from prospects import models as prospects
from tests.people import Team
from tests.prospects.cards_of import card
from tests.sales.deals.deals_of import stage
from tests.sales.documents.documents_of import approved_quote, sent_invoice
from tests.test_permissions import PLACES

CATALOGS = {
    "category": prospects.FollowUpCategory,
    "acquisition_campaign": prospects.AcquisitionCampaign,
    "content": prospects.Content,
    "ecommerce_type": prospects.EcommerceType,
    "lead_status": prospects.LeadStatus,
    "onboarding_status": prospects.OnboardingStatus,
    "plan_type": prospects.PlanType,
    "weight_range": prospects.WeightRange,
    "service": prospects.Service,
    "partner_type": prospects.PartnerType,
    "partner_origin": prospects.PartnerOrigin,
}
MAKERS: dict[str, Callable[[Team], Any]] = {
    "person": lambda team: team.mona.id,
    "twin": lambda team: card(team, owner=team.alice, company_name="acme's twin").pk,
    "approved_quote": lambda team: approved_quote(team.alice)["id"],
    "sent_invoice": lambda team: sent_invoice(team.mona, owner_id=team.alice.id)["id"],
    "first_stage": lambda team: stage(team).pk,
}
# What a salesperson does not see of a colleague's.
HIDDEN = {
    "contact",
    "client",
    "prospect",
    "twin",
    "deal",
    "approved_quote",
    "sent_invoice",
    "quote",
}


def row_of(kind: str, team: Team, rows: Mapping[str, Any]) -> Any:
    """The id of a row of Alice's, or of the tenant's.

    :param rows: those that are there already.
    """
    if kind in rows:
        return rows[kind]
    if kind in MAKERS or kind in PLACES:
        return {**PLACES, **MAKERS}[kind](team)
    with tenant_scope(team.tenant.pk):
        if kind == "merge":
            return CardMerge.objects.latest("pk").pk
        model: Any = CATALOGS[kind]
        return (model.objects.first() or model.objects.create(name="acme's")).pk


def as_bob(team: Team) -> Team:
    """The same people with Bob in Alice's place: what is made for her is made for him."""
    return replace(team, alice=team.bob, bob=team.alice)
