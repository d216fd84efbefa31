"""Clients for tests and what they did."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from clients.models import AccountPayment, Company, MonthlyTier, Shipment
from core.tenancy import tenant_scope
from tests.people import Team
from tests.prospects.cards_of import card

_numbers = itertools.count(1)


def company(team: Team, **values: Any) -> Company:
    """A company with a card of its own."""
    made = card(team, **{"type": 2, "company_name": f"Client {next(_numbers)}", **values})
    with tenant_scope(team.tenant.pk):
        return Company.objects.create(prospect=made)


def shipment(of: Company, at: datetime | None = None, charge: int = 10) -> Shipment:
    with tenant_scope(of.tenant_id):
        return Shipment.objects.create(
            company=of, charge=charge, currency="MXN", shipped_at=at or timezone.now()
        )


def recharge(of: Company, at: datetime | None = None, amount: int = 100) -> AccountPayment:
    with tenant_scope(of.tenant_id):
        return AccountPayment.objects.create(
            company=of, amount=amount, currency="MXN", paid_at=at or timezone.now()
        )


def tier(of: Company, level: int, month: date = date(2026, 1, 1)) -> MonthlyTier:
    with tenant_scope(of.tenant_id):
        return MonthlyTier.objects.create(company=of, month=month, tier=level)


def days_ago(days: float) -> datetime:
    return timezone.now() - timedelta(days=days)
