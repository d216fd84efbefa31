"""The payload worked out a second time, lead by lead in plain Python.

Nothing here shares a line with the SQL of the figures: it is the second opinion that proves them.
Leads come one after the other and are only counted, so that a million need no memory.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from fractions import Fraction
from typing import Any

from accounts.tenants.models import Tenant
from accounts.users.models import User
from analytics.dashboard.filters import Filters
from analytics.leads.recount import ExpectedLead
from prospects.catalogs.models import Content, Locale
from prospects.pipeline.models import FollowUpCategory, Prospect

OLDEST = 100


@dataclass(frozen=True)
class Facts:
    """What leads mention, by id, and whose day it is."""

    categories: dict[int, FollowUpCategory]
    contents: dict[int, str]
    people: dict[int, str]
    rates: dict[int | None, Decimal]
    zone: tzinfo
    today: date

    @classmethod
    def of(cls, tenant: Tenant, at: datetime) -> Facts:
        """Read them for the tenant acted for."""
        rates: dict[int | None, Decimal] = {None: Decimal(1)}
        for locale in Locale.objects.order_by("-pk"):
            rates[locale.pk] = locale.rate
            if locale.currency == tenant.currency:
                rates[None] = locale.rate
        return cls(
            categories={category.pk: category for category in FollowUpCategory.objects.all()},
            contents=dict(Content.objects.values_list("pk", "name")),
            people={user.pk: str(user) for user in User.objects.all()},
            rates=rates,
            zone=tenant.zone,
            today=at.astimezone(tenant.zone).date(),
        )


class Sums:
    """The sums behind the main figures, of one period."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.leads = self.lost = self.shipments = 0
        self.cost = Fraction()

    def add(self, lead: ExpectedLead, is_lost: bool) -> None:
        self.leads += 1
        self.lost += is_lost
        self.shipments += lead["monthly_shipments"] or 0
        self.cost += dollars(lead, self.facts)

    def figures(self) -> dict[str, Any]:
        return {
            "total_leads": self.leads,
            "total_shipments": self.shipments,
            "avg_shipment_cost": rounded(self.cost, self.shipments, 2),
            "total_lost": self.lost,
        }


class Tally:
    """Counts leads for one set of filters."""

    def __init__(self, filters: Filters, facts: Facts) -> None:
        self.filters, self.facts = filters, facts
        self.current, self.previous = Sums(facts), Sums(facts)
        self.closing_days: list[int] = []
        self.in_recharge = 0
        self.stages: Counter[str] = Counter()
        self.outcomes: Counter[str] = Counter()
        self.executives: set[int] = set()
        self.by_owner: dict[int | None, Counter[str]] = defaultdict(Counter)
        self.by_tier: Counter[int | None] = Counter()
        self.products: dict[int, list[Any]] = defaultdict(lambda: [0, Fraction()])
        self.oldest: list[tuple[datetime, int, ExpectedLead]] = []

    def add(self, lead: ExpectedLead) -> None:
        """Count a lead wherever it belongs."""
        filters = self.filters
        if filters.locales is not None and lead["locale_id"] not in filters.locales:
            return
        if lead["owner_id"] is not None:
            self.executives.add(lead["owner_id"])
        if not self._passes(lead):
            return
        won_at = self._won_at(lead)
        created = self._day(lead["created_at"])
        if won_at is not None and self._is_within(self._day(won_at)):
            self.closing_days.append((self._day(won_at) - created).days)
        if self._is_within(created):
            self._count(lead)
        elif filters.start and filters.end and self._is_before(created):
            self.previous.add(lead, self._kind(lead) == "lost")

    # One lead ----------------------------------------------------------------------------------
    def _kind(self, lead: ExpectedLead) -> str:
        return str(self.facts.categories[lead["category_id"]].kind)

    def _won_at(self, lead: ExpectedLead) -> datetime | None:
        if lead["first_shipment_at"] is not None:
            return lead["first_shipment_at"]  # type: ignore[no-any-return]
        return lead["category_changed_at"] if self._kind(lead) == "won" else None

    def _outcome(self, lead: ExpectedLead) -> str:
        if self._kind(lead) == "lost":
            return "lost"
        if self._won_at(lead) is not None:
            return "won"
        return "in_recharge" if lead["has_recharge"] else "remaining"

    def _stage(self, lead: ExpectedLead) -> str:
        words = {"lost": "customer_lost", "won": "won", "in_recharge": "in_recharge"}
        name = self.facts.categories[lead["category_id"]].name
        return words.get(self._outcome(lead), name)

    def _passes(self, lead: ExpectedLead) -> bool:
        filters, facts = self.filters, self.facts
        if filters.salesmen is not None and lead["owner_id"] not in filters.salesmen:
            return False
        if filters.tiers is not None and lead["tier"] not in filters.tiers:
            return False
        product = facts.contents.get(lead["content_id"])
        if filters.product is not None and product != filters.product:
            return False
        return filters.stage in (None, self._stage(lead))

    # Days --------------------------------------------------------------------------------------
    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self.facts.zone).date()

    def _is_within(self, day: date) -> bool:
        start, end = self.filters.start, self.filters.end
        return start is None or end is None or start <= day <= end

    def _is_before(self, day: date) -> bool:
        """Within the equally long period that ends the day before."""
        start, end = self.filters.start, self.filters.end
        assert start is not None
        assert end is not None
        return timedelta(0) < start - day <= end - start + timedelta(days=1)

    # Counting ----------------------------------------------------------------------------------
    def _count(self, lead: ExpectedLead) -> None:
        outcome = self._outcome(lead)
        self.current.add(lead, outcome == "lost")
        self.in_recharge += lead["has_recharge"] and lead["first_shipment_at"] is None
        self.stages[self._stage(lead)] += 1
        self.outcomes[outcome] += 1
        self.by_owner[lead["owner_id"]][outcome] += 1
        if lead["content_id"] is not None:
            product = self.products[lead["content_id"]]
            product[0] += 1
            product[1] += dollars(lead, self.facts)
        if outcome not in ("won", "lost") or self.filters.stage in ("won", "customer_lost"):
            self.by_tier[lead["tier"]] += 1
            self._note_age(lead)

    def _note_age(self, lead: ExpectedLead) -> None:
        self.oldest.append((lead["created_at"], lead["prospect_id"], lead))
        if len(self.oldest) > 20 * OLDEST:
            self._keep_oldest()

    def _keep_oldest(self) -> None:
        self.oldest = sorted(self.oldest, key=lambda row: row[:2])[:OLDEST]

    # The answer --------------------------------------------------------------------------------
    def payload(self) -> dict[str, Any]:
        """The payload without its links."""
        current, previous = self.current.figures(), self.previous.figures()
        total = self.current.leads
        advanced = self.outcomes["won"] + self.outcomes["in_recharge"]
        return {
            "kpis": {
                name: {"current": current[name], "previous": previous[name]} for name in current
            },
            "extra_kpis": {
                "avg_closing_days": rounded(sum(self.closing_days), len(self.closing_days), 1),
                "advancement_rate": rounded(100 * advanced, total, 1),
                "in_recharge": self.in_recharge,
            },
            "sales_funnel": [
                {
                    "stage_name": stage,
                    "count": count,
                    "percentage": rounded(100 * count, total, 1),
                }
                for stage, count in sorted(self.stages.items(), key=lambda row: (-row[1], row[0]))
            ],
            "outcome_summary": {
                name: self.outcomes[name] for name in ("won", "lost", "in_recharge", "remaining")
            },
            "by_executive": [
                {"id": pk, "name": name}
                for name, pk in sorted((self._person(pk), pk) for pk in self.executives)
            ],
            "by_executive_stage": self._bars(),
            "by_tier": [
                {"tier_label": label, "count": self.by_tier[tier]}
                for tier, label in self._tier_labels().items()
                if self.by_tier[tier]
            ],
            "by_product": self._products(),
            "active_leads": self._active(),
        }

    def _person(self, pk: int | None) -> str:
        return self.facts.people.get(pk or 0, "")

    @staticmethod
    def _tier_labels() -> dict[int | None, str]:
        return {None: "", **{tier: f"T{tier}" for tier in range(6)}}

    def _bars(self) -> list[dict[str, Any]]:
        bars = [
            {
                "id": owner,
                "name": self._person(owner),
                "won": found["won"],
                "lost": found["lost"],
                "remaining": found["in_recharge"] + found["remaining"],
                "total": sum(found.values()),
            }
            for owner, found in self.by_owner.items()
        ]
        return sorted(bars, key=lambda bar: (-bar["total"], bar["name"], bar["id"] or 0))

    def _products(self) -> list[dict[str, Any]]:
        rows = [
            (-value, self.facts.contents[pk], count) for pk, (count, value) in self.products.items()
        ]
        return [
            {
                "product_name": name,
                "lead_count": count,
                "total_value": rounded(-value, 1, 2),
            }
            for value, name, count in sorted(rows)
        ]

    def _active(self) -> list[dict[str, Any]]:
        self._keep_oldest()
        cards = Prospect.objects.in_bulk([pk for _, pk, _ in self.oldest])
        return [
            {
                "record_id": lead["record_id"],
                "record_type": "company" if lead["record_type"] == 2 else "prospect",
                "prospect_id": pk,
                "name": str(cards[pk]),
                "salesman": self._person(lead["owner_id"]),
                "tier_label": self._tier_labels()[lead["tier"]],
                "stage_name": self._stage(lead),
                "stage_color": self.facts.categories[lead["category_id"]].color,
                "age_days": (self.facts.today - self._day(created_at)).days,
            }
            for created_at, pk, lead in self.oldest
        ]


def dollars(lead: ExpectedLead, facts: Facts) -> Fraction:
    """What an account is worth."""
    return Fraction(lead["account_value"] or 0) / Fraction(facts.rates[lead["locale_id"]])


def rounded(total: Fraction | int, among: int, places: int) -> Decimal | int:
    """A share, half away from zero; 0 among none."""
    if not among:
        return 0
    whole, rest = divmod(abs(total) * 10**places, among)
    whole += 2 * rest >= among
    return Decimal(int(whole if total >= 0 else -whole)).scaleb(-places)
