"""Actions of the list of deals: many at once, each on its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.back_office_many import ManyRows
from core.errors import InvalidInput
from sales.deals.forms import LossForm, MoveForm
from sales.deals.models import Deal
from sales.deals.services import edit_deal
from sales.pipelines.models import Stage

Placed = Callable[[Deal, dict[str, Any]], dict[str, Any]]


class ManyDeals(ManyRows):
    """Mixed into the admin of deals: moves, wins and loses those that are selected."""

    @admin.action(description=_("Move to a stage"), permissions=["change"])
    def move(self, request: Any, deals: Any) -> HttpResponse | None:
        do, title = _placing(request, _to_stage), _("Move to a stage")
        return self.change_many(request, deals, do, form_of=MoveForm, title=title)

    @admin.action(description=_("Mark as won"), permissions=["change"])
    def win(self, request: Any, deals: Any) -> HttpResponse | None:
        verb = _("Mark as won")
        return self.change_many(request, deals, _placing(request, _to_won), title=verb, verb=verb)

    @admin.action(description=_("Mark as lost"), permissions=["change"])
    def lose(self, request: Any, deals: Any) -> HttpResponse | None:
        do, verb = _placing(request, _to_lost), _("Mark as lost")
        return self.change_many(request, deals, do, form_of=LossForm, title=verb, verb=verb)


def _placing(request: Any, place: Placed) -> Callable[[Deal, dict[str, Any]], None]:
    """What changes one deal to what `place` says of it."""
    at = timezone.now()

    def do(deal: Deal, given: dict[str, Any]) -> None:
        edit_deal(deal_id=deal.pk, by=request.user, at=at, **place(deal, given))

    return do


def _to_stage(deal: Deal, given: dict[str, Any]) -> dict[str, Any]:
    stage = given["stage"]
    return {"stage_id": stage.pk, "pipeline_id": stage.pipeline_id, "values": {}}


def _to_won(deal: Deal, given: dict[str, Any]) -> dict[str, Any]:
    return {"stage_id": _first(deal, Stage.Kind.WON), "values": {}}


def _to_lost(deal: Deal, given: dict[str, Any]) -> dict[str, Any]:
    values = {"lost_reason": given["lost_reason"]}
    return {"stage_id": _first(deal, Stage.Kind.LOST), "values": values}


def _first(deal: Deal, kind: str) -> int:
    """The stage of this kind that comes first in a deal's pipeline; its own, if it is of it."""
    stages = Stage.objects.filter(pipeline=deal.pipeline_id, kind=kind).in_order()
    ids = list(stages.values_list("pk", flat=True))
    if not ids:
        raise InvalidInput(str(_("Its pipeline has no such stage.")))
    return deal.stage_id if deal.stage_id in ids else ids[0]
