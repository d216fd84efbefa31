"""The admin of documents with lines: typed into a draft, shown of the others."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.tenants.currency import own_currency
from core.currencies import CURRENCIES
from core.errors import DomainError
from core.tenancy import current_tenant
from sales.desk.documents import DocumentAdmin
from sales.desk.wording import worded
from sales.documents.lines import price_lines
from sales.documents.sheets import amount_text, priced_parts


class PricedAdmin(DocumentAdmin):
    """Quotes and invoices."""

    LINES: Any  # the inline of its lines

    class Media:
        js = ("sales/totals.js",)

    def get_inlines(self, request: Any, obj: Any) -> Any:
        return (self.LINES,) if self.is_typed(request, obj) else ()

    def is_typed(self, request: Any, obj: Any) -> bool:
        """Whether lines are typed into the page, not only shown."""
        if obj is None:
            return True
        return self.is_open(self.EDIT, obj) and self.has_change_permission(request, obj)

    def get_urls(self) -> Any:
        name = f"sales_{self.opts.model_name}_totals"
        view = self.admin_site.admin_view(require_POST(self.totals_view))
        return [path("totals/", view, name=name), *super().get_urls()]

    def shown_beside(self, request: Any, document: Any) -> dict[str, Any]:
        if self.is_typed(request, document):
            url = reverse(f"admin:sales_{self.opts.model_name}_totals")
            of = f"?of={document.pk}" if document else ""
            return {"totals_url": url + of, "sums": _sums(document or self.model())}
        parts = priced_parts(document)
        return {"lines": {"headers": parts["head"], "rows": parts["rows"]}, "sums": parts["sums"]}

    def totals_view(self, request: Any) -> HttpResponse:
        """What the lines come to as they are typed, before they are kept."""
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied
        known = self.row_of(request, request.GET.get("of", "")) or self.model()
        if current_tenant() is None:
            raise PermissionDenied
        shape = self.LINES(self.model, self.admin_site).get_formset(request)
        formset = shape(request.POST, instance=known, prefix="items")
        formset.is_valid()
        whole = {nth: form for nth, form in formset.kept().items() if not form.errors}
        currency = request.POST.get("currency", "").strip().upper()
        document = self.model(currency=currency if currency in CURRENCIES else own_currency())
        lines = [form.line() for form in whole.values()]
        try:
            with worded(document):
                items = price_lines(document, lines, known=formset.known_lines) if lines else []
        except DomainError as refusal:
            return JsonResponse({"problem": refusal.message})
        by_place = zip(whole, items, strict=True)
        shown = {str(nth): _line(item, document.currency) for nth, item in by_place}
        return JsonResponse({"lines": shown, "sums": _sums(document)})


def _sums(document: Any) -> list[tuple[str, str]]:
    currency = document.currency
    named = (
        (_("Subtotal"), document.subtotal),
        (_("Tax"), document.tax_total),
        (f"{_('Total')} {currency}", document.total),
    )
    return [(str(label), amount_text(amount, currency)) for label, amount in named]


def _line(item: Any, currency: str) -> dict[str, str]:
    """What a line comes to, and what a product filled in."""
    return {
        "total": amount_text(item.total, currency),
        "description": item.description,
        "unit_price": f"{item.unit_price:f}",
        "tax_rate": f"{item.tax_rate.normalize():f}",
    }
