"""What tenants' own systems are told about documents and payments."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.webhooks.outbox import emit
from sales.documents.models import PricedDocument

EVENTS = {
    "quote.created": _("Quote created"),
    "quote.sent": _("Quote sent"),
    "quote.approved": _("Quote approved"),
    "quote.rejected": _("Quote rejected"),
    "quote.cancelled": _("Quote cancelled"),
    "invoice.created": _("Invoice created"),
    "invoice.sent": _("Invoice sent"),
    "invoice.paid": _("Invoice paid"),
    "invoice.overdue": _("Invoice overdue"),
    "invoice.cancelled": _("Invoice cancelled"),
    "contract.created": _("Contract created"),
    "contract.sent": _("Contract sent"),
    "contract.signed": _("Contract signed"),
    "contract.cancelled": _("Contract cancelled"),
    "payment.created": _("Payment received"),
    "payment.refunded": _("Payment refunded"),
}


def announce(event: str, document: Any) -> None:
    """Tell the tenant's webhooks what happened to a document, as it is now in memory."""
    emit({event: lambda: [_data(document)]})


def announce_payment(event: str, payment: Any) -> None:
    """Tell the tenant's webhooks of money that came in or went back."""
    columns = ("id", "invoice_id", "contact_id", "amount", "refunded_amount", "currency", "method")
    emit({event: lambda: [{name: getattr(payment, name) for name in columns}]})


def _data(document: Any) -> dict[str, Any]:
    columns = ["id", "status", "title", "currency", "contact_id", "deal_id", "owner_id"]
    is_priced = isinstance(document, PricedDocument)
    columns += ["subtotal", "tax_total", "total"] if is_priced else ["value"]
    kind = document._meta.model_name
    return {
        f"{kind}_number": document.number_text,
        **{name: getattr(document, name) for name in columns},
    }
