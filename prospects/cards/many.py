"""Actions of the list of cards: many at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.widgets import UnfoldAdminSelectWidget

from accounts.users.models import User
from core.tenancy import current_tenant
from prospects.pipeline.deleting import delete_prospects
from prospects.pipeline.models import FollowUpCategory
from prospects.pipeline.moves import hand_over_cards, move_cards

AT_ONCE = 1000  # cards that one action changes


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
        label=_("Owner"),
        queryset=User.objects.filter(is_active=True, is_superuser=False).order_by("name", "pk"),
        widget=UnfoldAdminSelectWidget,
    )


class ManyCards:
    """Mixed into the admin of cards: moves, hands over and deletes those that are selected."""

    form_page: Any
    ask_for_tenant: Any

    @admin.action(description=_("Move to a category"), permissions=["change"])
    def move(self, request: Any, cards: Any) -> HttpResponse | None:
        form = CategoryChoiceForm(request.POST if "apply" in request.POST else None)

        def do(ids: list[int], given: dict[str, Any]) -> int:
            category_id = given["category"].pk
            return move_cards(prospect_ids=ids, category_id=category_id, at=timezone.now())

        return self._change_many(request, cards, form, do, title=_("Move to a category"))

    @admin.action(description=_("Assign to somebody"), permissions=["change"])
    def hand_over(self, request: Any, cards: Any) -> HttpResponse | None:
        form = OwnerChoiceForm(request.POST if "apply" in request.POST else None)

        def do(ids: list[int], given: dict[str, Any]) -> int:
            return hand_over_cards(prospect_ids=ids, owner_id=given["owner"].pk, at=timezone.now())

        return self._change_many(request, cards, form, do, title=_("Assign to somebody"))

    @admin.action(description=_("Delete"), permissions=["delete"])
    def delete_cards(self, request: Any, cards: Any) -> HttpResponse | None:
        form = forms.Form(request.POST if "apply" in request.POST else None)

        def do(ids: list[int], given: dict[str, Any]) -> int:
            count = delete_prospects(prospect_ids=ids, at=timezone.now())
            if count < len(ids):
                messages.warning(request, str(_("Clients stay: delete the company.")))
            return count

        return self._change_many(request, cards, form, do, title=_("Delete"), verb=_("Delete"))

    def _change_many(
        self, request: Any, cards: Any, form: Any, do: Any, *, title: Any, **shown: Any
    ) -> HttpResponse | None:
        """Ask what to do with the selected cards, then do it."""
        if current_tenant() is None:
            return self.ask_for_tenant(request)
        cards = cards.changeable_by(request.user)
        ids = list(cards.order_by("pk").values_list("pk", flat=True)[: AT_ONCE + 1])
        if len(ids) > AT_ONCE:
            messages.error(request, _("Select at most %d prospects at once.") % AT_ONCE)
            return None
        if form.is_valid():
            count = do(ids, form.cleaned_data)
            text = ngettext("%d prospect changed.", "%d prospects changed.", count) % count
            messages.success(request, text)
            return None
        hidden = [(ACTION_CHECKBOX_NAME, pk) for pk in ids]
        hidden += [("action", request.POST["action"]), ("apply", 1)]
        intro = ngettext("%d prospect selected.", "%d prospects selected.", len(ids)) % len(ids)
        return self.form_page(request, form, title=title, hidden=hidden, intro=intro, **shown)
