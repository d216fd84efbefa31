"""Actions of the list of deals: many at once, each on its own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.errors import DomainError, InvalidInput
from core.tenancy import current_tenant
from sales.deals.forms import LossForm, MoveForm
from sales.deals.models import Deal
from sales.deals.services import edit_deal
from sales.pipelines.models import Stage

AT_ONCE = 500  # deals that one action changes


class ManyDeals:
    """Mixed into the admin of deals: moves, wins and loses those that are selected."""

    form_page: Any
    ask_for_tenant: Any

    @admin.action(description=_("Move to a stage"), permissions=["change"])
    def move(self, request: Any, deals: Any) -> HttpResponse | None:
        form = MoveForm(request.POST if "apply" in request.POST else None)
        return self._change_many(request, deals, form, _to_stage, title=_("Move to a stage"))

    @admin.action(description=_("Mark as won"), permissions=["change"])
    def win(self, request: Any, deals: Any) -> HttpResponse | None:
        form = forms.Form(request.POST if "apply" in request.POST else None)
        verb = _("Mark as won")
        return self._change_many(request, deals, form, _to_won, title=verb, verb=verb)

    @admin.action(description=_("Mark as lost"), permissions=["change"])
    def lose(self, request: Any, deals: Any) -> HttpResponse | None:
        form = LossForm(request.POST if "apply" in request.POST else None)
        verb = _("Mark as lost")
        return self._change_many(request, deals, form, _to_lost, title=verb, verb=verb)

    def _change_many(
        self, request: Any, deals: Any, form: Any, place: Any, **shown: Any
    ) -> HttpResponse | None:
        """Ask what to do with the selected deals, then do it; who is refused keeps none back."""
        if current_tenant() is None:
            return self.ask_for_tenant(request)
        chosen = list(deals.changeable_by(request.user).order_by("pk")[: AT_ONCE + 1])
        if len(chosen) > AT_ONCE:
            messages.error(request, _("Select at most %d deals at once.") % AT_ONCE)
            return None
        if form.is_valid():
            _do(request, chosen, form.cleaned_data, place)
            return None
        hidden = [(ACTION_CHECKBOX_NAME, deal.pk) for deal in chosen]
        hidden += [("action", request.POST["action"]), ("apply", 1)]
        intro = ngettext("%d deal selected.", "%d deals selected.", len(chosen)) % len(chosen)
        return self.form_page(request, form, hidden=hidden, intro=intro, **shown)


def _do(request: Any, deals: list[Deal], given: dict[str, Any], place: Any) -> None:
    count, at = 0, timezone.now()
    for deal in deals:
        try:
            edit_deal(deal_id=deal.pk, by=request.user, at=at, **place(deal, given))
        except DomainError as refusal:
            messages.error(request, f"{deal}: {refusal.message}")
        else:
            count += 1
    text = ngettext("%d deal changed.", "%d deals changed.", count) % count
    messages.success(request, text)


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
