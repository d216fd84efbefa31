from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from sales.documents.pdf import render_pdf
from sales.documents.sheets import (
    Sheet,
    day_text,
    letterhead,
    own_tenant,
    present,
    priced_parts,
    receiver_of,
)
from sales.quotes.models import Quote


def quote_sheet(quote: Quote) -> Sheet:
    """Return what a quote says, in the language that is spoken."""
    tenant = own_tenant()
    day = timezone.localdate(quote.sent_at or quote.created_at, tenant.zone)
    return Sheet(
        kind=_("Quote"),
        number=quote.number_text,
        title=quote.title,
        receiver=receiver_of(quote),
        facts=present(
            [(_("Date"), day_text(day)), (_("Valid until"), day_text(quote.valid_until))]
        ),
        blocks=present([(_("Notes"), quote.notes), (_("Terms"), quote.terms)]),
        **letterhead(tenant),
        **priced_parts(quote),
    )


def quote_pdf(quote: Quote) -> bytes:
    """Return a quote as a PDF in the language of its tenant."""
    with override(own_tenant().language):
        return render_pdf(quote_sheet(quote))
