"""What the names of the payload are called for people, and their colours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from analytics.dashboard.conditions import Figure
from analytics.dashboard.stages import LOST, RECHARGED, WON
from core.back_office_charts import BAD, GOOD, PLAIN, WAITING
from prospects.pipeline.colors import COLOR
from prospects.pipeline.models import FollowUpCategory

FIGURES = {
    Figure.LEADS: _("Leads"),
    Figure.LOST: _("Lost"),
    Figure.WON: _("Won"),
    Figure.IN_RECHARGE: _("In recharge"),
    Figure.REMAINING: _("Remaining"),
    Figure.OPEN: _("Open"),
    Figure.RECHARGED: _("With a recharge and no shipment"),
    Figure.ADVANCED: _("Won or in recharge"),
    Figure.CLOSED: _("Won within these days"),
}
PRESETS = {
    "last30": _("Last 30 days"),
    "1m": _("This month"),
    "3m": _("3 months"),
    "6m": _("6 months"),
}
CONTENTS = {
    "packageContent.electronics": _("Electronics"),
    "packageContent.clothing": _("Clothing"),
    "packageContent.cosmetics": _("Cosmetics"),
    "packageContent.food": _("Food"),
    "packageContent.books": _("Books"),
    "packageContent.home": pgettext_lazy("of a parcel", "Home"),
    "packageContent.toys": _("Toys"),
    "packageContent.autoparts": _("Auto parts"),
    "packageContent.pharmacy": _("Pharmacy"),
    "packageContent.documents": _("Documents"),
    "packageContent.other": _("Other"),
}
NO_TIER, NOBODY = _("No tier"), _("Nobody")
IS_WON, IS_LOST, IS_RECHARGED, IS_LEFT = GOOD, BAD, WAITING, PLAIN


@dataclass(frozen=True)
class StageLook:
    """A stage as people see it."""

    label: str
    color: str  # #rrggbb, or a variable of the style sheet


def stage_looks() -> dict[str, StageLook]:
    """How the stages look, by name, the open ones in the order of the board."""
    looks = {
        category.name: StageLook(
            str(category), category.color if COLOR.match(category.color) else IS_LEFT
        )
        for category in FollowUpCategory.objects.in_order()
        if category.kind == FollowUpCategory.Kind.OPEN
    }
    return looks | {
        WON: StageLook(str(FIGURES[Figure.WON]), IS_WON),
        RECHARGED: StageLook(str(FIGURES[Figure.IN_RECHARGE]), IS_RECHARGED),
        LOST: StageLook(str(FIGURES[Figure.LOST]), IS_LOST),
    }


def look_of(stage: str, looks: dict[str, StageLook]) -> StageLook:
    """How a stage looks; one that is new since is called by its name."""
    return looks.get(stage) or StageLook(stage, IS_LEFT)


def product_label(name: str) -> Any:
    """A product's name; a translation tag of ours in words."""
    return CONTENTS.get(name, name)
