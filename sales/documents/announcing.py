"""What tenants' own systems are told about documents and payments."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.webhooks.outbox import emit

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
    "payment.updated": _("Payment changed"),
    "payment.refunded": _("Payment refunded"),
    "payment.deleted": _("Payment deleted"),
}
OF_A_KIND = {
    "quote": ("subtotal", "tax_total", "total", "valid_until", "reject_reason"),
    "invoice": ("subtotal", "tax_total", "total", "amount_paid", "issued_at", "due_at"),
    "contract": ("value", "start_date", "end_date"),
}


def announce(event: str, document: Any, *, state: str = "") -> None:
    """Tell the tenant's webhooks what happened to a document, as it is now in memory.

    :param state: as what it reads today, when that is not stored.
    """
    emit({event: lambda: [_data(document, state or document.status)]})


def announce_payment(event: str, payment: Any) -> None:
    """Tell the tenant's webhooks of money that came in or went back."""
    columns = ("id", "invoice_id", "contact_id", "amount", "refunded_amount", "currency", "method")
    emit({event: lambda: [{name: getattr(payment, name) for name in columns}]})


def _data(document: Any, state: str) -> dict[str, Any]:
    kind = str(document._meta.model_name)
    columns = ("id", "title", "currency", "contact_id", "deal_id", "owner_id", *OF_A_KIND[kind])
    return {
        f"{kind}_number": document.number_text,
        "status": state,
        **{name: getattr(document, name) for name in columns},
    }
