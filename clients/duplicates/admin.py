from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.duplicates.dismissing import (
    dismiss_duplicates,
    latest_dismissals,
    take_dismissal_back,
)
from clients.duplicates.groups import possible_duplicates
from core.errors import DomainError
from core.rights import CHANGE_PROSPECT
from core.tenancy import current_tenant
from prospects.duplicates.probes import Evidence

DISTINCT = "not-the-same"
MOST_PAIRS = 100  # that are shown, the latest ones


def row_id(text: str) -> int | None:
    """The id that a text says; None if it says none."""
    return int(text) if text.isdecimal() and len(text) <= 18 else None


class DuplicatesPage:
    """Mixed into the admin of cards: those that may be about the same, and those that are not."""

    admin_site: Any
    opts: Any
    media: Any
    has_view_permission: Any
    ask_for_tenant: Any

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.duplicates_view)
        mine = path("duplicates/", view, name="prospects_prospect_duplicates")
        return [mine, *super().get_urls()]  # type: ignore[misc]

    def duplicates_view(self, request: Any) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if current_tenant() is None:
            return self.ask_for_tenant(request)
        if request.method == "POST":
            return self._settle(request)
        if request.GET.get("kind") == DISTINCT:
            return self._distinct_view(request)
        asked, after = request.GET.get("kind"), request.GET.get("after", "")
        kind = Evidence(asked) if asked in Evidence.values else Evidence.COMPANY
        found = possible_duplicates(kind=kind, after=after, seen_by=request.user)
        return self._page(request, kind=kind, after=after, page=found)

    def _distinct_view(self, request: Any) -> HttpResponse:
        pairs = latest_dismissals(seen_by=request.user, most=MOST_PAIRS)
        return self._page(request, kind=DISTINCT, pairs=pairs)

    def _page(self, request: Any, **shown: Any) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Possible duplicates"),
            "opts": self.opts,
            "media": self.media,
            "kinds": [*Evidence.choices, (DISTINCT, _("not the same"))],
            "may_merge": request.user.has_perm(CHANGE_PROSPECT),
            **shown,
        }
        return TemplateResponse(request, "clients/duplicates.html", context)

    def _settle(self, request: Any) -> HttpResponse:
        """Note that cards are not the same, or that they may be after all."""
        if not request.user.has_perm(CHANGE_PROSPECT):
            raise PermissionDenied
        pair, cards = request.POST.get("pair"), request.POST.getlist("card")
        try:
            if pair:
                take_dismissal_back(pair_id=row_id(pair) or 0, by=request.user)
                messages.success(request, _("They are shown as possible duplicates again."))
            else:
                ids = [row_id(each) or 0 for each in cards]
                dismiss_duplicates(card_ids=ids, by=request.user, at=timezone.now())
                messages.success(request, _("They are not shown as duplicates any more."))
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return redirect(request.get_full_path())
