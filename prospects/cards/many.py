"""Actions of the list of cards: many at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.widgets import UnfoldAdminSelectWidget

from accounts.bulk_jobs.later import do_later, export_ticked
from core.back_office_many import Given, ManyRows
from core.rights import EXPORT
from prospects.cards import jobs
from prospects.catalogs.models import AcquisitionCampaign
from prospects.pipeline.deleting import delete_prospects
from prospects.pipeline.models import FollowUpCategory
from prospects.pipeline.moves import hand_over_cards, move_cards, tag_cards

DoAll = Callable[[list[int], Given], int]


class CategoryChoiceForm(forms.Form):
    """Where to put the selected cards."""

    category = forms.ModelChoiceField(
        label=_("Follow-up category"),
        queryset=FollowUpCategory.objects.in_order(),
        widget=UnfoldAdminSelectWidget,
    )


class OwnerChoiceForm(forms.Form):
    """Whom to give the selected cards to."""

    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=jobs.owners(), widget=UnfoldAdminSelectWidget
    )


class CampaignChoiceForm(forms.Form):
    """Which campaign the selected cards came by."""

    campaign = forms.ModelChoiceField(
        label=_("Campaign"),
        queryset=AcquisitionCampaign.objects.filter(is_active=True).order_by("position", "pk"),
        widget=UnfoldAdminSelectWidget,
        required=False,
        empty_label=_("None"),
    )


class ManyCards(ManyRows):
    """Mixed into the admin of cards: what is done to those that are selected, or to all."""

    @admin.action(description=_("Move to a category"), permissions=["change"])
    def move(self, request: Any, cards: Any) -> HttpResponse | None:
        def do(ids: list[int], given: Given) -> int:
            category_id = given["category"].pk
            return move_cards(prospect_ids=ids, category_id=category_id, at=timezone.now())

        return self._change(
            request, cards, jobs.MOVE, do, CategoryChoiceForm, _("Move to a category")
        )

    @admin.action(description=_("Assign to somebody"), permissions=["change"])
    def hand_over(self, request: Any, cards: Any) -> HttpResponse | None:
        def do(ids: list[int], given: Given) -> int:
            return hand_over_cards(prospect_ids=ids, owner_id=given["owner"].pk, at=timezone.now())

        return self._change(
            request, cards, jobs.ASSIGN, do, OwnerChoiceForm, _("Assign to somebody")
        )

    @admin.action(description=_("Tag with a campaign"), permissions=["change"])
    def tag(self, request: Any, cards: Any) -> HttpResponse | None:
        def do(ids: list[int], given: Given) -> int:
            return tag_cards(prospect_ids=ids, campaign_id=_pk(given["campaign"]))

        title = _("Tag with a campaign")
        return self._change(request, cards, jobs.TAG, do, CampaignChoiceForm, title)

    @admin.action(description=_("Delete"), permissions=["delete"])
    def delete_cards(self, request: Any, cards: Any) -> HttpResponse | None:
        def do(ids: list[int], given: Given) -> int:
            count = delete_prospects(prospect_ids=ids, at=timezone.now())
            if count < len(ids):
                messages.warning(request, str(_("Clients stay: delete the company.")))
            return count

        return self._change(
            request, cards, jobs.DELETE, do, forms.Form, _("Delete"), verb=_("Delete")
        )

    @admin.action(description=_("Export"), permissions=["export"])
    def export(self, request: Any, cards: Any) -> HttpResponse | None:
        return export_ticked(request, self, cards)

    def has_export_permission(self, request: Any) -> bool:
        return bool(request.user.has_perm(EXPORT))

    def _change(
        self,
        request: Any,
        cards: Any,
        kind: str,
        do: DoAll,
        form_of: Any,
        title: Any,
        **shown: Any,
    ) -> HttpResponse | None:
        def at_once(ids: list[int], given: Given) -> None:
            count = do(ids, given)
            text = ngettext("%d prospect changed.", "%d prospects changed.", count) % count
            messages.success(request, text)

        def later(given: Given) -> HttpResponse:
            ids = {f"{name}_id": _pk(chosen) for name, chosen in given.items()}
            return do_later(request, self, kind, ids)

        asking: Any = {"form_of": form_of, "later": later, "title": title}
        return self.ask_about(request, cards, at_once, **asking, **shown)


def _pk(chosen: Any) -> int | None:
    return None if chosen is None else int(chosen.pk)
