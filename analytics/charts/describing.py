"""Filters in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from analytics.charts.numbers import dashboard_url
from analytics.charts.wording import (
    NO_TIER,
    NOBODY,
    PRESETS,
    StageLook,
    look_of,
    product_label,
)
from analytics.dashboard.filters import Filters, OneOf
from analytics.dashboard.labels import tier_label
from analytics.dashboard.names import person_names
from analytics.snapshots.presets import presets
from prospects.catalogs.models import Locale


def preset_links(filters: Filters | None, today: date) -> Iterator[dict[str, Any]]:
    """The periods to choose from, the other filters left as they are."""
    wanted = filters or Filters()
    days = {name: (each.start, each.end) for name, each in presets(today)}
    for name, (start, end) in {**days, "": (None, None)}.items():
        yield {
            "title": PRESETS[name] if name else _("All time"),
            "url": dashboard_url(wanted.of_days(start, end)),
            "is_chosen": filters is not None and (filters.start, filters.end) == (start, end),
        }


def describe(filters: Filters, looks: dict[str, StageLook]) -> Iterator[str]:
    """Say each filter that is set, for people."""
    if filters.start and filters.end:
        yield f"{_short(filters.start)} – {_short(filters.end)}"
    if filters.salesmen:
        people = person_names({*filters.salesmen.values})
        yield _said(_("Executive"), filters.salesmen, people, NOBODY)
    if filters.stage:
        yield f"{_('Stage')}: {look_of(filters.stage, looks).label}"
    if filters.product:
        yield f"{_('Product')}: {product_label(filters.product)}"
    if filters.tiers:
        names = {tier: tier_label(tier) for tier in filters.tiers.values}
        yield _said(_("Tiers"), filters.tiers, names, NO_TIER)
    if filters.locales:
        places = Locale.objects.filter(pk__in=filters.locales.values).values_list("pk", "name")
        yield _said(_("Countries"), filters.locales, dict(places), _("No country"))


def _short(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


def _said(title: str, wanted: OneOf, names: dict[int, str], none: Any) -> str:
    """Ids that nobody knows are said as they are."""
    words = [names.get(pk, str(pk)) for pk in sorted(wanted.values)]
    return f"{title}: {', '.join([*words, *([str(none)] if wanted.or_none else [])])}"
