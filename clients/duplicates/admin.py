from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from clients.duplicates.groups import possible_duplicates
from core.tenancy import current_tenant
from prospects.duplicates.probes import Evidence


class DuplicatesPage:
    """Mixed into the admin of cards: a list of those that may be about the same."""

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
        asked, after = request.GET.get("kind"), request.GET.get("after", "")
        kind = Evidence(asked) if asked in Evidence.values else Evidence.COMPANY
        found = possible_duplicates(kind=kind, after=after, seen_by=request.user)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Possible duplicates"),
            "opts": self.opts,
            "media": self.media,
            "kinds": Evidence,
            "kind": kind,
            "after": after,
            "page": found,
            "may_merge": request.user.has_perm("prospects.change_prospect"),
        }
        return TemplateResponse(request, "clients/duplicates.html", context)
