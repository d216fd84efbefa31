"""What became of a campaign, drawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.back_office_charts import (
    BAD,
    GOOD,
    PLAIN,
    WAITING,
    Panel,
    chart_context,
    linked,
    make_panel,
    make_series,
    shown,
)
from sales.mass_mail.counting import stats_of
from sales.mass_mail.models import Campaign

MOST_STEPS = 48
# By hours for a while, by days then; each by the clock of the tenant.
OVER_TIME = """
    SELECT date_trunc(%(step)s, moment AT TIME ZONE %(zone)s), kind, count(*)
    FROM sales_campaignrecipient AS mail
    CROSS JOIN LATERAL (
        VALUES ('sent', mail.sent_at), ('opened', mail.opened_at), ('clicked', mail.clicked_at)
    ) AS what (kind, moment)
    WHERE mail.campaign_id = %(campaign)s AND mail.tenant_id = %(tenant)s AND moment IS NOT NULL
    GROUP BY 1, 2 ORDER BY 1
"""
LASTED = """
    SELECT max(greatest(sent_at, opened_at, clicked_at)) - min(sent_at) > interval '2 days'
    FROM sales_campaignrecipient WHERE campaign_id = %s AND tenant_id = %s
"""


def results_of(campaign: Campaign) -> dict[str, Any]:
    """Return the charts of a campaign; nothing of one that was never begun."""
    if campaign.started_at is None:
        return {}
    stats = stats_of([campaign.pk])[campaign.pk]
    panels = [_totals(campaign, stats), _delivery(campaign, stats), _over_time(campaign)]
    if campaign.skipped and any(campaign.skipped.values()):
        panels.append(_skipped(campaign))
    return chart_context(panels)


def _totals(campaign: Campaign, stats: dict[str, int]) -> Panel:
    names = {
        "sent": (_("Sent"), PLAIN, "sent_at"),
        "opened": (_("Opened"), GOOD, "opened_at"),
        "clicked": (_("Clicked"), GOOD, "clicked_at"),
        "unsubscribed": (_("Unsubscribed people"), BAD, "unsubscribed_at"),
        "bounced": (_("Bounced mails"), BAD, "bounced_at"),
    }
    rows = [
        [words, shown(stats[name]), _share(stats[name], stats["sent"])]
        for name, (words, _color, _column) in names.items()
    ]
    series = make_series(
        _("People"), [color for _w, color, _c in names.values()], [stats[n] for n in names]
    )
    return make_panel(
        "totals",
        _("What they did"),
        ["", _("People"), _("Of those sent")],
        rows,
        labels=[str(words) for words, _color, _column in names.values()],
        series=[series],
    )


def _share(part: int, whole: int) -> str:
    return f"{shown(100 * part / whole, 1)} %" if whole else "-"


def _delivery(campaign: Campaign, stats: dict[str, int]) -> Panel:
    names = {
        "queued": (_("Waiting"), WAITING),
        "in_flight": (_("In flight"), WAITING),
        "sent": (_("Sent"), GOOD),
        "failed": (_("Failed"), BAD),
        "unknown": (_("Unknown"), BAD),
        "skipped": (_("Skipped"), PLAIN),
    }
    places = {name: _recipients_url(campaign, status=name) for name in names}
    rows = [[words, linked(stats[name], places[name])] for name, (words, _color) in names.items()]
    series = make_series(
        _("Mails"),
        [color for _words, color in names.values()],
        [stats[name] for name in names],
        list(places.values()),
    )
    return make_panel(
        "delivery",
        _("How far it is"),
        ["", _("Mails")],
        rows,
        labels=[str(words) for words, _color in names.values()],
        series=[series],
    )


def _recipients_url(campaign: Campaign, *, status: str) -> str:
    path = reverse("admin:sales_campaignrecipient_changelist")
    return f"{path}?campaign__id__exact={campaign.pk}&status__exact={status}"


def _over_time(campaign: Campaign) -> Panel:
    steps, is_by_days = _steps(campaign)
    moments = sorted({moment for moment, _kind, _number in steps})[:MOST_STEPS]
    counts = {(moment, kind): number for moment, kind, number in steps}
    form = "SHORT_DATE_FORMAT" if is_by_days else "j M H:i"
    labels = [date_format(moment, form) for moment in moments]
    kinds = {
        "sent": (_("Sent"), PLAIN),
        "opened": (_("Opened"), GOOD),
        "clicked": (_("Clicked"), WAITING),
    }
    numbers = {kind: [counts.get((moment, kind), 0) for moment in moments] for kind in kinds}
    rows = [
        [label, *(shown(numbers[kind][place]) for kind in kinds)]
        for place, label in enumerate(labels)
    ]
    series = [make_series(words, color, numbers[kind]) for kind, (words, color) in kinds.items()]
    return make_panel(
        "over-time",
        _("Over time"),
        [_("Day") if is_by_days else _("Hour"), *(words for words, _color in kinds.values())],
        rows,
        is_wide=True,
        labels=labels,
        series=series,
        is_upright=True,
    )


def _steps(campaign: Campaign) -> tuple[Sequence[tuple[datetime, str, int]], bool]:
    keys = {"campaign": campaign.pk, "tenant": campaign.tenant_id}
    with connection.cursor() as cursor:
        cursor.execute(LASTED, list(keys.values()))
        (is_by_days,) = cursor.fetchone()
        step = "day" if is_by_days else "hour"
        cursor.execute(OVER_TIME, {**keys, "step": step, "zone": campaign.tenant.time_zone})
        return cursor.fetchall(), bool(is_by_days)


def _skipped(campaign: Campaign) -> Panel:
    """Who of the segment gets none, and why."""
    reasons = {
        "no_address": _("Without an address"),
        "invalid_address": _("With an address that is none"),
        "same_address": _("With the address of another one"),
        "suppressed": _("Unsubscribed, bounced or suppressed"),
    }
    numbers = [campaign.skipped.get(name, 0) for name in reasons]
    rows = [[words, shown(number)] for words, number in zip(reasons.values(), numbers, strict=True)]
    return make_panel(
        "left-out",
        _("Left out"),
        ["", _("People")],
        rows,
        labels=[str(words) for words in reasons.values()],
        series=[make_series(_("People"), WAITING, numbers)],
    )
