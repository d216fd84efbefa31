"""What is mailed and shown to people outside: each kind of document, and how it is put on paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sales.contracts.models import Contract
from sales.contracts.sheet import contract_pdf, contract_sheet
from sales.documents.sheets import Sheet
from sales.invoices.models import Invoice
from sales.invoices.sheet import invoice_pdf, invoice_sheet
from sales.mailing.models import DocumentMail
from sales.quotes.models import Quote
from sales.quotes.sheet import quote_pdf, quote_sheet


@dataclass(frozen=True)
class Kind:
    """A kind of document."""

    model: Any
    sheet: Callable[[Any], Sheet]
    pdf: Callable[[Any], bytes]


KINDS = {
    "quote": Kind(Quote, quote_sheet, quote_pdf),
    "invoice": Kind(Invoice, invoice_sheet, invoice_pdf),
    "contract": Kind(Contract, contract_sheet, contract_pdf),
}


def find_document(mail: DocumentMail) -> Any:
    """Return the document of a mail with the people and colleagues who stand on it; None if it
    was deleted."""
    documents = KINDS[mail.kind].model.objects.select_related(
        "contact__prospect__company", "owner", "created_by"
    )
    return documents.filter(pk=getattr(mail, f"{mail.kind}_id")).first()
