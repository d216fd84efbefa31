from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import override

from sales.documents.pdf import render_pdf
from sales.documents.sheets import (
    Sheet,
    amount_text,
    day_text,
    letterhead,
    own_tenant,
    present,
    priced_parts,
    receiver_of,
)
from sales.invoices.models import Invoice


def invoice_sheet(invoice: Invoice) -> Sheet:
    """Return what an invoice says and what was paid of it, in the language that is spoken."""
    parts = priced_parts(invoice)
    if invoice.amount_paid:
        parts["sums"] += [
            (_("Paid"), amount_text(invoice.amount_paid, invoice.currency)),
            (_("Amount due"), amount_text(invoice.amount_still_due, invoice.currency)),
        ]
    return Sheet(
        kind=_("Invoice"),
        number=invoice.number_text,
        title=invoice.title,
        receiver=receiver_of(invoice),
        facts=present(
            [(_("Date"), day_text(invoice.issued_at)), (_("Due"), day_text(invoice.due_at))]
        ),
        blocks=present([(_("Notes"), invoice.notes), (_("Terms"), invoice.terms)]),
        **letterhead(own_tenant()),
        **parts,
    )


def invoice_pdf(invoice: Invoice) -> bytes:
    """Return an invoice as a PDF in the language of its tenant."""
    with override(own_tenant().language):
        return render_pdf(invoice_sheet(invoice))
