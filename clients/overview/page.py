"""A client, whole, as `GET /clients/{id}` answers: its card, and what is the company's."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from clients.companies.models import Company
from clients.integrations.models import Integration
from clients.onboarding.querysets import for_onboarding
from clients.onboarding.steps import onboarding_shape
from core.errors import NotFound
from prospects.board.rows import Clock
from prospects.cards.page import read_card

# Keys of `company` that are the company's own columns, and those that are its card's.
OWN = (
    *("domain", "industry", "employee_range", "annual_revenue", "phone", "email", "tax_id"),
    *(
        "balance",
        "balance_currency",
        "first_recharge_at",
        "first_shipment_at",
        "created_at",
        "updated_at",
    ),
)
OF_CARD = ("type", "tier", "follow_up_id", "follow_name", "created_by", "created_by_name")
INTEGRATION = ("id", "platform", "name", "url", "status", "connected_at")


def read_client(
    company_id: int, *, clock: Clock, user: Any = None, notes_before: int | None = None
) -> tuple[dict[str, Any], datetime]:
    """Return a company with its card's follow-up data, notes, people and locations, and when the
    card was changed.

    :param user: who asks; None right after a write of theirs, which may have taken the card from
        them.
    :param notes_before: as for read_card.
    :raises NotFound: there is no such company, or this user may not see it.
    """
    companies = Company.objects.all() if user is None else Company.objects.visible_to(user)
    row = for_onboarding(companies.filter(pk=company_id), "id", "prospect_id", *OWN).first()
    if row is None:
        raise NotFound("There is no such client.")
    card = read_card(row["prospect_id"], clock=clock, notes_before=notes_before, with_primary=True)
    integrations = Integration.objects.filter(company_id=company_id).order_by("pk")
    prospect = card.pop("prospect")
    client = {
        "company": _company(row, prospect),
        **card,
        "integrations": list(integrations.values(*INTEGRATION)),
        "onboarding": onboarding_shape(row),
    }
    return client, prospect["updated_at"]


def _company(row: dict[str, Any], prospect: dict[str, Any]) -> dict[str, Any]:
    names = (prospect[name] for name in ("company_name", "name", "email"))
    return {
        "id": row["id"],
        "prospect_id": row["prospect_id"],
        "company_name": next((name for name in names if name), ""),
        **{name: row[name] for name in OWN},
        **{name: prospect[name] for name in OF_CARD},
    }
