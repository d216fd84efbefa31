"""The dashboard's payload: figures by id become shares, names and links."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from analytics.dashboard.conditions import Asked, Figure
from analytics.dashboard.figures import Figures, Place, Step, read_figures
from analytics.dashboard.filters import Filters
from analytics.dashboard.labels import tier_label
from analytics.dashboard.links import aging_figure, figure_urls, only, rows_url
from analytics.dashboard.names import Names, find_names
from analytics.dashboard.numbers import average, percentage, rounded
from analytics.dashboard.rates import Rates
from analytics.dashboard.stages import LOST, RECHARGED, WON
from core.api.errors import Surface
from core.api.rendering import dump

Payload = dict[str, Any]
BLANK = -1  # before tier 0


def compute_payload(asked: Asked, *, at: datetime, rates: Rates) -> Payload:
    """Answer everything the dashboard shows, from the leads as they are now."""
    figures = read_figures(asked, today=at.astimezone(asked.zone).date())
    return Folding(asked, figures, rates, find_names(figures)).payload()


def compute_json(asked: Asked, *, at: datetime, rates: Rates) -> bytes:
    """The same as it is sent."""
    return dump(compute_payload(asked, at=at, rates=rates), Surface.ANALYTICS)


class Folding:
    """Folds figures into the payload."""

    def __init__(self, asked: Asked, figures: Figures, rates: Rates, names: Names) -> None:
        self.filters, self.stages = asked.filters, asked.stages
        self.figures, self.rates, self.names = figures, rates, names
        self.steps = [row for row in figures.by_owner if self.stages.counts(row.category_id)]
        self.places = [row for row in figures.by_place if self.stages.counts(row.category_id)]
        self.before = [row for row in figures.previous if self.stages.counts(row.category_id)]
        self.total = sum(row.leads for row in self.steps)
        self.outcomes: Counter[str] = Counter()
        for row in self.steps:
            self.outcomes[self._outcome(row)] += row.leads

    def payload(self) -> Payload:
        return {
            "kpis": self._kpis(),
            "extra_kpis": self._extra_kpis(),
            "sales_funnel": self._funnel(),
            "outcome_summary": {
                "won": self.outcomes[WON],
                "lost": self.outcomes[LOST],
                "in_recharge": self.outcomes[RECHARGED],
                "remaining": self.outcomes[""],
            },
            "by_executive": self._executives(),
            "by_executive_stage": self._by_executive_stage(),
            "by_tier": self._by_tier(),
            "by_product": self._by_product(),
            "active_leads": self._active(),
            "rows_url": figure_urls(self.filters),
        }

    def _outcome(self, row: Step) -> str:
        return self.stages.outcome(row.category_id, row.has_shipment, row.has_recharge)

    def _kpis(self) -> Payload:
        current, previous = (self._sums(rows) for rows in (self.places, self.before))
        return {name: {"current": current[name], "previous": previous[name]} for name in current}

    def _sums(self, rows: list[Place]) -> dict[str, Any]:
        shipments = sum(row.shipments for row in rows)
        cost = self._in_dollars(rows)
        return {
            "total_leads": sum(row.leads for row in rows),
            "total_shipments": shipments,
            "avg_shipment_cost": average(cost, shipments, 2),
            "total_lost": sum(row.leads for row in rows if self.stages.is_lost(row.category_id)),
        }

    def _in_dollars(self, rows: Iterable[Place]) -> Fraction:
        """What they are worth together, added up by country before the rate is applied."""
        values: defaultdict[int | None, Decimal] = defaultdict(Decimal)
        for row in rows:
            values[row.locale_id] += row.value
        return sum(
            (self.rates.in_dollars(value, locale_id) for locale_id, value in values.items()),
            Fraction(),
        )

    def _extra_kpis(self) -> Payload:
        advanced = self.outcomes[WON] + self.outcomes[RECHARGED]
        return {
            "avg_closing_days": average(self.figures.closing_days, self.figures.closed, 1),
            "advancement_rate": percentage(advanced, self.total),
            "in_recharge": sum(
                row.leads for row in self.steps if row.has_recharge and not row.has_shipment
            ),
        }

    def _funnel(self) -> list[Payload]:
        buckets: Counter[str] = Counter()
        for row in self.steps:
            stage = self.stages.stage(row.category_id, row.has_shipment, row.has_recharge)
            buckets[stage] += row.leads
        return [
            {
                "stage_name": stage,
                "count": count,
                "percentage": percentage(count, self.total),
                "rows_url": rows_url(self.filters, stage=stage),
            }
            for stage, count in sorted(buckets.items(), key=lambda item: (-item[1], item[0]))
        ]

    def _executives(self) -> list[Payload]:
        people = [(self.names.person(pk), pk) for pk in self.figures.executives]
        return [
            {"id": pk, "name": name, "rows_url": self._owned_url(pk)} for name, pk in sorted(people)
        ]

    def _owned_url(self, pk: int) -> str:
        """All leads of a colleague: the list of executives knows no filter but the country."""
        return rows_url(Filters(locales=self.filters.locales, salesmen=only(pk)))

    def _by_executive_stage(self) -> list[Payload]:
        counts: dict[int | None, Counter[str]] = defaultdict(Counter)
        for row in self.steps:
            counts[row.key][self._outcome(row)] += row.leads
        rows = [self._executive(owner, found) for owner, found in counts.items()]
        return sorted(rows, key=lambda row: (-row["total"], row["name"], row["id"] or 0))

    def _executive(self, owner: int | None, found: Counter[str]) -> Payload:
        salesmen = only(owner)
        return {
            "id": owner,
            "name": self.names.person(owner),
            "won": found[WON],
            "lost": found[LOST],
            "remaining": found[RECHARGED] + found[""],
            "total": found.total(),
            "rows_url": {
                "won": rows_url(self.filters, Figure.WON, salesmen=salesmen),
                "lost": rows_url(self.filters, Figure.LOST, salesmen=salesmen),
                "remaining": rows_url(self.filters, Figure.OPEN, salesmen=salesmen),
                "total": rows_url(self.filters, salesmen=salesmen),
            },
        }

    def _by_tier(self) -> list[Payload]:
        figure = aging_figure(self.filters)
        counts: Counter[int | None] = Counter()
        for row in self.figures.by_tier:
            if self.stages.counts(row.category_id) and (
                figure is Figure.LEADS or self._outcome(row) not in (WON, LOST)
            ):
                counts[row.key] += row.leads
        ordered = sorted(counts.items(), key=lambda item: BLANK if item[0] is None else item[0])
        return [
            {
                "tier_label": tier_label(tier),
                "count": count,
                "rows_url": rows_url(self.filters, figure, tiers=only(tier)),
            }
            for tier, count in ordered
        ]

    def _by_product(self) -> list[Payload]:
        places: defaultdict[int, list[Place]] = defaultdict(list)
        for row in self.places:
            if row.content_id in self.names.contents:
                places[row.content_id].append(row)
        products = [
            (-self._in_dollars(rows), self.names.contents[pk], sum(row.leads for row in rows))
            for pk, rows in places.items()
        ]
        return [
            {
                "product_name": name,
                "lead_count": count,
                "total_value": rounded(-value, 2),
                "rows_url": rows_url(self.filters, product=name),
            }
            for value, name, count in sorted(products)
        ]

    def _active(self) -> Iterable[Payload]:
        return [
            {
                "record_id": row.record_id,
                "record_type": self.names.record_type(row.record_type),
                "prospect_id": row.prospect_id,
                "name": self.names.cards.get(row.prospect_id, ""),
                "salesman": self.names.person(row.owner_id),
                "tier_label": tier_label(row.tier),
                "stage_name": self.stages.stage(
                    row.category_id, row.has_shipment, row.has_recharge
                ),
                "stage_color": self.stages.categories[row.category_id].color,
                "age_days": row.age_days,
            }
            for row in self.figures.active
        ]
