"""Companies and what they did, for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from clients.models import AccountPayment, Company, MonthlyTier, Shipment
from clients.operations.checks import find_wrong_accounts
from core.tenancy import tenant_scope
from tests.people import Team
from tests.prospects.cards_of import card

AT = datetime(2026, 3, 15, 12, tzinfo=UTC)


def company(team: Team, **values: Any) -> Company:
    """A company of this team with its card, which is a prospect's."""
    made = card(team, **values)
    with tenant_scope(team.tenant.pk):
        return Company.objects.create(prospect=made)


def recharge(to: Company, amount: str = "100.00", **values: Any) -> AccountPayment:
    """A recharge that is not stored yet."""
    given = {"currency": "MXN", "paid_at": AT, **values}
    return AccountPayment(tenant_id=to.tenant_id, company_id=to.pk, amount=Decimal(amount), **given)


def shipment(of: Company, charge: str = "30.00", **values: Any) -> Shipment:
    """A shipment that is not stored yet."""
    given = {"currency": "MXN", "shipped_at": AT, **values}
    return Shipment(tenant_id=of.tenant_id, company_id=of.pk, charge=Decimal(charge), **given)


def month(of: Company, number: int, tier: int) -> MonthlyTier:
    """A tier of a month of 2026 that is not stored yet."""
    first = datetime(2026, number, 1, tzinfo=UTC).date()
    return MonthlyTier(tenant_id=of.tenant_id, company_id=of.pk, month=first, tier=tier)


def account(of: Company) -> tuple[Any, ...]:
    """Balance, first recharge, first shipment, tier as they are kept now."""
    with tenant_scope(of.tenant_id):
        columns = ("balance", "first_recharge_at", "first_shipment_at", "tier")
        return Company.objects.values_list(*columns).get(pk=of.pk)


def balance(of: Company) -> Decimal:
    """The balance that is kept now."""
    return account(of)[0]


def wrong(team: Team) -> list[str]:
    """Where accounts differ from what they are made of."""
    with tenant_scope(team.tenant.pk):
        return list(find_wrong_accounts())
