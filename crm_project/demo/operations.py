"""What the demo's clients did over the last year: recharges, shipments, monthly tiers."""

from __future__ import annotations

import random
from bisect import bisect
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

from clients.companies.models import Company
from clients.operations.models import AccountPayment, MonthlyTier, Shipment
from prospects.pipeline.models import FollowUpCategory

DAYS, MOST_SHIPMENTS = 365, 14  # a month
CARRIERS = ("Estafeta", "DHL", "FedEx", "99minutos", "Paquetexpress", "UPS")
METHODS = ("SPEI", "tarjeta", "OXXO", "PayPal")
TIERS_FROM = (2, 4, 7, 10, 13)  # shipments of a month from which bronze, silver … begin
IDLE, ONLY_RECHARGED = 0.1, 0.2


class Operations:
    """Makes the operations of one tenant's companies, the same for the same seed."""

    def __init__(self, *, seed: int, at: datetime) -> None:
        self.dice, self.at = random.Random(seed), at
        self.recharges: list[AccountPayment] = []
        self.shipments: list[Shipment] = []
        self.tiers: list[MonthlyTier] = []
        self.agreed = 0  # tiers of clients who have not shipped yet

    def create(self, companies: Iterable[Company]) -> None:
        """Store what the companies did. The database keeps their balances and tiers by it."""
        for company in companies:
            self._add(company)
        AccountPayment.objects.bulk_create(self.recharges)
        Shipment.objects.bulk_create(self.shipments)
        MonthlyTier.objects.bulk_create(self.tiers)

    def _add(self, company: Company) -> None:
        kind, card = self.dice.random(), company.prospect
        has_begun = card.category.kind == FollowUpCategory.Kind.OPEN
        if kind < IDLE and not has_begun:
            return
        currency = card.locale.currency if card.locale else card.tenant.currency
        since = max(card.created_at, self.at - timedelta(days=DAYS))
        charged = Decimal(0)
        if has_begun:
            self._expect(company)
        elif kind >= ONLY_RECHARGED:
            charged = self._ship(company, since, currency)
        self._recharge(company, since, currency, charged)

    def _expect(self, company: Company) -> None:
        """The tier of a client who has not shipped yet, by what was agreed."""
        self.agreed += 1
        month, tier = self.at.date().replace(day=1), self.agreed % (len(TIERS_FROM) + 1)
        self.tiers.append(MonthlyTier(company=company, month=month, tier=tier))

    def _ship(self, company: Company, since: datetime, currency: str) -> Decimal:
        days = (self.at - since).days
        months: Counter[date] = Counter()
        charged = Decimal(0)
        for _ in range(max(1, days * self.dice.randint(1, MOST_SHIPMENTS) // 30)):
            when = since + (self.at - since) * self.dice.random()
            charge = Decimal(self.dice.randint(6_500, 48_000)) / 100
            charged += charge
            months[when.date().replace(day=1)] += 1
            self.shipments.append(
                Shipment(
                    company=company,
                    external_id=f"G-{len(self.shipments) + 1:06}",
                    charge=charge,
                    currency=currency,
                    carrier=self.dice.choice(CARRIERS),
                    shipped_at=when,
                )
            )
        self.tiers += [
            MonthlyTier(company=company, month=month, tier=bisect(TIERS_FROM, number))
            for month, number in sorted(months.items())
        ]
        return charged

    def _recharge(self, company: Company, since: datetime, currency: str, charged: Decimal) -> None:
        """Recharges in round amounts that cover what was charged, most of the time."""
        left = charged * Decimal(self.dice.choice(("0.9", "1.05", "1.2", "1.5"))) + 500
        while left > 0:
            amount = Decimal(self.dice.choice((500, 1000, 2000, 5000, 10_000)))
            left -= amount
            self.recharges.append(
                AccountPayment(
                    company=company,
                    external_id=f"R-{len(self.recharges) + 1:06}",
                    amount=amount,
                    currency=currency,
                    method=self.dice.choice(METHODS),
                    paid_at=since + (self.at - since) * self.dice.random(),
                )
            )
