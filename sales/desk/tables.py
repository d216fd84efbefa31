"""Tables of payments and accounts, as the pages show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from core.back_office import short_day
from sales.documents.sheets import amount_text
from sales.mailing.models import DocumentMail
from sales.payments.models import Payment
from sales.portal.models import ClientAct

TYPES = {"invoice": _("Invoice"), "payment": _("Payment"), "refund": _("Refund")}
MOST_MAILS = 20
Table = dict[str, Any]


def link(url_name: str, pk: int, text: Any) -> Any:
    """A link to a row's page."""
    path = reverse(f"admin:{url_name}", args=(pk,))
    return format_html('<a class="text-primary-600 font-medium" href="{}">{}</a>', path, text)


def related_links(documents: Iterable[Any]) -> list[dict[str, Any]]:
    """Documents that belong to another, as its page links them."""
    return [
        {
            "url_name": f"admin:sales_{each._meta.model_name}_change",
            "pk": each.pk,
            "label": each._meta.verbose_name,
            "number": str(each),
        }
        for each in documents
    ]


def payments_table(payments: Iterable[Payment]) -> Table:
    """The payments of an invoice, each with a link to its page."""
    headers = (_("Day"), _("Method"), _("Reference"), _("Amount"), _("Refunded"))
    rows = [
        [
            link("sales_payment_change", each.pk, short_day(each.paid_at)),
            each.get_method_display(),
            each.reference or "-",
            amount_text(each.amount, each.currency),
            amount_text(each.refunded_amount, each.currency) if each.refunded_amount else "-",
        ]
        for each in payments
    ]
    return {"headers": [str(each) for each in headers], "rows": rows}


def mails_table(document: Any) -> Table | None:
    """The latest mails of a document, what became of them and what its client did by their links.

    None if it was never mailed.
    """
    mails = DocumentMail.objects.filter(**{document._meta.model_name: document}).order_by("-pk")
    acts = ClientAct.objects.defer("shown_pdf").order_by("pk")
    found = mails.prefetch_related(Prefetch("acts", acts))[:MOST_MAILS]
    headers = (_("Day"), _("What"), _("Email"), _("Status"), _("First opened"), _("Answer"))
    rows = [
        [
            short_day(each.sent_at or each.created_at),
            each.get_purpose_display(),
            each.recipient or "-",
            ": ".join(filter(None, (each.get_status_display(), each.answer))),
            short_day(each.viewed_at) if each.viewed_at else "-",
            ", ".join(map(_told, each.acts.all())) or "-",
        ]
        for each in found
    ]
    return {"headers": [str(each) for each in headers], "rows": rows} if rows else None


def _told(act: ClientAct) -> str:
    """What a client did: Rejected: too dear (María)."""
    said = ": ".join(filter(None, (act.get_action_display(), act.reason)))
    return f"{said} ({act.name})" if act.name else said


def account_table(account: Mapping[str, Any]) -> Table:
    """The entries of an account (sales.payments.statement), the newest first."""
    headers = (_("Day"), _("What"), _("Reference"), _("Amount"), _("Balance"))
    is_mixed = len(account["totals"]) > 1
    rows = [
        [
            date_format(entry["day"], "SHORT_DATE_FORMAT"),
            str(TYPES[entry["type"]]),
            _reference(entry),
            amount_text(entry["amount"], entry["currency"])
            + (f" {entry['currency']}" if is_mixed else ""),
            amount_text(entry["balance"], entry["currency"]),
        ]
        for entry in account["entries"]
    ]
    return {"headers": [str(each) for each in headers], "rows": rows}


def _reference(entry: Mapping[str, Any]) -> Any:
    text = entry["reference"] or "-"
    if entry["type"] == "invoice":
        return link("sales_invoice_change", entry["invoice_id"], text)
    return link("sales_payment_change", entry["id"], text)
