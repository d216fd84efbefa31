"""What users are told about documents."""

from __future__ import annotations

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.notifications.services import Notice, notify_users

QUOTE_APPROVED, QUOTE_REJECTED = "quote_approved", "quote_rejected"
INVOICE_PAID, INVOICE_OVERDUE = "invoice_paid", "invoice_overdue"
CONTRACT_SIGNED = "contract_signed"
NOT_DELIVERED = "document_not_delivered"
TITLES = {
    QUOTE_APPROVED: _("A quote was approved"),
    QUOTE_REJECTED: _("A quote was rejected"),
    INVOICE_PAID: _("An invoice was paid"),
    INVOICE_OVERDUE: _("An invoice is overdue"),
    CONTRACT_SIGNED: _("A contract was signed"),
    NOT_DELIVERED: _("A mail may not have arrived"),
}


def tell_owner(document: Any, kind: str, *, once: str, detail: str = "") -> None:
    """Tell the owner of a document, or who created it, what became of it.

    :param once: what makes the event one of its own; told again under the same, it is not.
    :param detail: added to the number, title and amount.
    """
    user_id = document.owner_id or document.created_by_id
    if user_id is None:
        return
    amount = getattr(document, "total", None) or getattr(document, "value", 0)
    what = document.title or document.number_text
    body: Any = format_lazy(
        "{}: {}, {} {}", document.number_text, what, f"{amount:,.2f}", document.currency
    )
    if detail:
        body = format_lazy("{}. {}", body, detail)
    notice = Notice(
        user_id=user_id,
        type=kind,
        key=f"{kind}:{document.pk}:{once}",
        title=TITLES[kind],
        body=body,
        url=f"/{document._meta.model_name}s/{document.pk}",
    )
    notify_users([notice])
