"""What a card's page in the back office has for merging it with another."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from clients.duplicates.admin import row_id
from clients.duplicates.services import duplicates_of
from clients.merging.admin_rows import chosen_in, differing_rows, moved_rows, other_rows
from clients.merging.same_people import emails_on_both
from clients.merging.services import merge_prospects, plan_merge
from core.errors import DomainError
from prospects.duplicates.probes import Evidence
from prospects.pipeline.locking import find_survivor
from prospects.pipeline.models import Prospect
from prospects.pipeline.redirecting import redirect_to


class MergePages:
    """Mixed into the admin of cards: choosing the other card, comparing, merging."""

    admin_site: Any
    opts: Any
    media: Any
    get_object: Any
    has_log_contact_permission: Any

    def has_merge_permission(self, request: Any, object_id: Any = None) -> bool:
        return bool(self.has_log_contact_permission(request, object_id))

    def _get_obj_does_not_exist_redirect(
        self, request: Any, opts: Any, object_id: str
    ) -> HttpResponse:
        """Lead to the card that a merged one went into."""
        pk = row_id(str(object_id))
        into = find_survivor(pk, seen_by=request.user) if pk and request.method == "GET" else None
        if into is None:
            missing: Any = super()
            return missing._get_obj_does_not_exist_redirect(request, opts, object_id)
        return redirect_to(request.get_full_path().replace(f"/{pk}/", f"/{into}/", 1))

    @action(description=_("Merge"), url_path="merge", icon="merge", permissions=["merge"])
    def merge(self, request: Any, object_id: str) -> HttpResponse:
        card = self.get_object(request, object_id)
        if card is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        asked = request.GET.get("with", "").strip()
        other = Prospect.objects.visible_to(request.user).filter(pk=row_id(asked) or 0).first()
        if other is None or other.pk == card.pk:
            if asked:
                messages.error(request, _("There is no such other prospect."))
            return self._choose_other(request, card)
        return self._compare(request, card, other)

    def _choose_other(self, request: Any, card: Prospect) -> HttpResponse:
        similar = duplicates_of(prospect_id=card.pk, seen_by=request.user)
        for each in similar:
            kinds = dict.fromkeys(Evidence(known["key"]) for known in each["evidence"])
            each["why"] = ", ".join(str(kind.label) for kind in kinds)
        return self._merge_page(request, "clients/merge_choose.html", card, similar=similar)

    def _compare(self, request: Any, card: Prospect, other: Prospect) -> HttpResponse:
        """Ask whose values survive, then show what would happen, then do it."""
        fields = chosen_in(request.POST)
        asked: dict[str, Any] = {
            "prospect_id": card.pk,
            "from_id": other.pk,
            "fields": fields,
            "seen_by": request.user,
        }
        plan, refusals = None, []
        try:
            if "confirm" in request.POST:
                merge_prospects(**asked, by=request.user, at=timezone.now())
                messages.success(request, _("%s was merged into this prospect.") % other)
                return redirect(reverse("admin:prospects_prospect_change", args=(card.pk,)))
            plan = plan_merge(**asked)
        except DomainError as error:
            refusals = [error.message]
        return self._merge_page(
            request,
            "clients/merge.html",
            card,
            other=other,
            refusals=refusals,
            rows=differing_rows(card, other, fields),
            changes=other_rows(plan) if plan else [],
            moved=moved_rows(plan.moves) if plan else [],
            on_both=emails_on_both(card.pk, other.pk),
            is_preview="preview" in request.POST and plan is not None,
        )

    def _merge_page(
        self, request: Any, template: str, card: Prospect, **context: Any
    ) -> HttpResponse:
        shown = {
            **self.admin_site.each_context(request),
            "title": _("Merge prospects"),
            "opts": self.opts,
            "media": self.media,
            "card": card,
            **context,
        }
        return TemplateResponse(request, template, shown)
