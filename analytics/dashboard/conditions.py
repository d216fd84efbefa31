"""What filters and figures ask of the table `lead`, as SQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta, tzinfo
from enum import Enum
from typing import Any

from analytics.dashboard.filters import Filters, OneOf
from analytics.dashboard.stages import LOST, RECHARGED, WON, Stages
from core.tenancy import current_tenant
from prospects.board.parameters import midnight
from prospects.catalogs.models import Content

Params = dict[str, Any]

IS_LOST = "lead.category_id = ANY(%(lost)s::bigint[])"
IS_WON = "(lead.first_shipment_at IS NOT NULL OR lead.category_id = ANY(%(won)s::bigint[]))"
# Not lost, not won: in an open category and without a shipment.
IN_OPEN_CATEGORY = "lead.category_id = ANY(%(open)s::bigint[])"
IS_OPEN = f"{IN_OPEN_CATEGORY} AND lead.first_shipment_at IS NULL"
COUNTS = "lead.category_id = ANY(%(counting)s::bigint[])"
WON_AT = "coalesce(lead.first_shipment_at, lead.category_changed_at)"
# The same in two parts that exclude each other: what makes a lead won, and since when.
WON_BY = (
    ("lead.first_shipment_at IS NOT NULL", "lead.first_shipment_at"),
    (
        "lead.first_shipment_at IS NULL AND lead.category_id = ANY(%(won)s::bigint[])",
        "lead.category_changed_at",
    ),
)


def local_day(moment: str) -> str:
    """SQL of the tenant's day of a moment."""
    return f"({moment} AT TIME ZONE %(zone)s)::date"


CLOSING_DAYS = f"({local_day(WON_AT)} - {local_day('lead.created_at')})"


class Figure(Enum):
    """Which of the leads that the filters leave a figure counts."""

    LEADS = "leads"
    LOST = "lost"
    WON = "won"
    IN_RECHARGE = "in_recharge"  # as an outcome: neither lost nor won
    REMAINING = "remaining"  # none of these three
    OPEN = "open"  # neither lost nor won
    RECHARGED = "recharged"  # has a recharge and no shipment, lost or not
    ADVANCED = "advanced"  # won or in_recharge
    CLOSED = "closed"  # won within the days, whenever it was created


FIGURES = {
    Figure.LEADS: "",
    Figure.LOST: IS_LOST,
    Figure.WON: f"NOT {IS_LOST} AND {IS_WON}",
    Figure.IN_RECHARGE: f"{IS_OPEN} AND lead.has_recharge",
    Figure.REMAINING: f"{IS_OPEN} AND NOT lead.has_recharge",
    Figure.OPEN: IS_OPEN,
    Figure.RECHARGED: "lead.has_recharge AND lead.first_shipment_at IS NULL",
    Figure.ADVANCED: f"NOT {IS_LOST} AND ({IS_WON} OR lead.has_recharge)",
    Figure.CLOSED: IS_WON,
}
STAGES = {LOST: Figure.LOST, WON: Figure.WON, RECHARGED: Figure.IN_RECHARGE}


@dataclass(frozen=True)
class Asked:
    """One question about the leads of the tenant acted for: whose eyes, which filters, which days.

    :param visible: SQL with %(…)s parameters that selects the ids of the cards that the caller
        may see; "" for who sees them all.
    """

    filters: Filters
    stages: Stages
    zone: tzinfo
    visible: str = ""
    visible_params: Params = field(default_factory=dict)

    @property
    def is_about_all(self) -> bool:
        """Whether every lead of the tenant is asked for."""
        return not self.visible and self.filters == Filters()

    def params(self) -> Params:
        """The parameters of every condition below."""
        filters, previous = self.filters, self.filters.previous
        given: Params = {
            "tenant": current_tenant(),
            "zone": str(self.zone),
            **{kind: self.stages.of_kind(kind) for kind in ("lost", "won", "open")},
            "counting": self.stages.of_kind("lost", "won", "open"),
            "stage_ids": self.stages.named(filters.stage or ""),
            "content_ids": self._content_ids(),
            **self.visible_params,
        }
        for name in ("locales", "salesmen", "tiers"):
            wanted: OneOf | None = getattr(filters, name)
            given[name] = sorted(wanted.values) if wanted else []
        for prefix, period in (("", filters), ("previous_", previous)):
            if period and period.start and period.end:
                given[f"{prefix}from"] = midnight(period.start, self.zone)
                given[f"{prefix}until"] = midnight(period.end + timedelta(days=1), self.zone)
        return given

    def _content_ids(self) -> list[int]:
        if self.filters.product is None:
            return []
        return list(Content.objects.filter(name=self.filters.product).values_list("pk", flat=True))

    def where(self, *more: str) -> str:
        """All of the filters but the days."""
        return " AND ".join(
            ["lead.tenant_id = %(tenant)s", *self._conditions(), *filter(None, more)]
        )

    def where_located(self) -> str:
        """The filter by country alone."""
        located = _one_of("lead.locale_id", "locales", self.filters.locales)
        return " AND ".join(["lead.tenant_id = %(tenant)s", COUNTS, *located, *self._visible()])

    def created(self, prefix: str = "") -> str:
        """Created within the days, or within those before (`previous_`)."""
        return self.within("lead.created_at", prefix)

    def within(self, column: str, prefix: str = "") -> str:
        """A moment within the days; no condition without days."""
        if self.filters.start is None:
            return ""
        return f"{column} >= %({prefix}from)s AND {column} < %({prefix}until)s"

    def _conditions(self) -> Iterator[str]:
        filters = self.filters
        yield from self._visible()
        yield from _one_of("lead.locale_id", "locales", filters.locales)
        yield from _one_of("lead.owner_id", "salesmen", filters.salesmen)
        yield from _one_of("lead.tier", "tiers", filters.tiers)
        if filters.product is not None:
            yield "lead.content_id = ANY(%(content_ids)s::bigint[])"
        if filters.stage is not None:
            yield f"({_in_stage(filters.stage)})"

    def _visible(self) -> Iterator[str]:
        if self.visible:
            yield f"lead.prospect_id IN ({self.visible})"


def _in_stage(stage: str) -> str:
    """In a virtual stage, or in the open category of this name and no virtual one."""
    named = (
        "lead.category_id = ANY(%(stage_ids)s::bigint[]) AND lead.first_shipment_at IS NULL "
        "AND NOT lead.has_recharge"
    )
    if stage in STAGES:
        return f"{FIGURES[STAGES[stage]]} OR {named}"
    return named


def _one_of(column: str, name: str, wanted: OneOf | None) -> Iterator[str]:
    if wanted is None:
        return
    among = f"{column} = ANY(%({name})s::bigint[])"
    yield f"({among} OR {column} IS NULL)" if wanted.or_none else among
