"""What a card's page in the back office has for clients: the app below knows nothing of them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from clients.companies.models import Company
from clients.companies.services import become_client
from clients.duplicates.admin import DuplicatesPage
from clients.merging.card_admin import MergePages
from clients.merging.services import merge_into_company
from clients.overview.forms import BecomeClientForm
from core.back_office import show_refusal
from core.errors import DomainError
from prospects.cards.admin import ProspectAdmin
from prospects.pipeline.models import Prospect

admin.site.unregister(Prospect)


@admin.register(Prospect)
class CardAdmin(DuplicatesPage, MergePages, ProspectAdmin):
    """The cards of the pipeline, on their way to being clients."""

    actions_detail: Any = (*ProspectAdmin.actions_detail, "become_client", "open_company", "merge")

    def get_queryset(self, request: Any) -> Any:
        """On one card's page with its company, which the page shows."""
        cards = super().get_queryset(request)
        is_page = "object_id" in request.resolver_match.kwargs
        return cards.select_related("company") if is_page else cards

    def has_become_client_permission(self, request: Any, object_id: Any = None) -> bool:
        may = request.user.has_perm("clients.add_company")
        return (
            may
            and self.has_log_contact_permission(request, object_id)
            and not self._company(request, object_id)
        )

    def has_open_company_permission(self, request: Any, object_id: Any = None) -> bool:
        may = request.user.has_perm("clients.view_company")
        return may and self._company(request, object_id) is not None

    @action(
        description=_("Become a client"),
        url_path="become-client",
        icon="handshake",
        permissions=["become_client"],
    )
    def become_client(self, request: Any, object_id: str) -> HttpResponse:
        card = self.get_object(request, object_id)
        if card is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        back = reverse("admin:prospects_prospect_change", args=(card.pk,))
        initial = {"company_name": card.company_name}
        form = BecomeClientForm(request.POST or None, user=request.user, initial=initial)
        if request.method == "POST" and form.is_valid():
            try:
                company = self._become(request, card, form.cleaned_data)
            except DomainError as refusal:
                show_refusal(form, refusal)
            else:
                messages.success(request, _("%s is a client.") % company)
                return redirect(reverse("admin:clients_company_change", args=(company.pk,)))
        return self.form_page(request, form, title=str(card), back=back)

    @action(
        description=_("Company"), url_path="company", icon="apartment", permissions=["open_company"]
    )
    def open_company(self, request: Any, object_id: str) -> HttpResponse:
        company_id = self._company(request, object_id)
        return redirect(reverse("admin:clients_company_change", args=(company_id,)))

    @staticmethod
    def _become(request: Any, card: Prospect, given: dict[str, Any]) -> Company:
        acting: dict[str, Any] = {"at": timezone.now(), "seen_by": request.user}
        if given["company"]:
            into = given["company"].pk
            return merge_into_company(prospect_id=card.pk, company_id=into, **acting)
        return become_client(
            prospect_id=card.pk,
            company_name=given["company_name"],
            details={"tax_id": given["tax_id"]},
            **acting,
        )

    @staticmethod
    def _company(request: Any, object_id: Any) -> int | None:
        """The id of a card's company; looked up once a page."""
        known = request.__dict__.setdefault("companies_of_cards", {})
        key = str(object_id)
        if key not in known:
            companies = Company.objects.visible_to(request.user)
            mine = companies.filter(prospect_id=key) if key.isdigit() else companies.none()
            known[key] = mine.values_list("pk", flat=True).first()
        found: int | None = known[key]
        return found
