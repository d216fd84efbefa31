"""What the page of a mailed document shows: the same words as its PDF, and what may be done."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.pictures.addresses import picture_path
from sales.contracts import states as contract_states
from sales.documents.sheets import amount_text, day_text
from sales.documents.states import Move
from sales.mailing.models import DocumentMail
from sales.quotes import states as quote_states
from sales.sending.kinds import KINDS

# What whoever has the link may do, by kind of document.
MOVES: dict[str, dict[str, Move]] = {
    "quote": {"approve": quote_states.APPROVE, "reject": quote_states.REJECT},
    "contract": {"sign": contract_states.SIGN},
    "invoice": {},
}

# What we have sent waits for them: they are told for what.
WAITING = {
    ("quote", "sent"): gettext_lazy("To be answered"),
    ("invoice", "sent"): gettext_lazy("To be paid"),
    ("contract", "draft"): gettext_lazy("To be signed"),
}


def page_of(mail: DocumentMail, document: Any, *, at: datetime) -> dict[str, Any]:
    """Return what the template of a document's page needs, in the language that is spoken."""
    kind, tenant = KINDS[mail.kind], mail.tenant
    state = document.state_on(timezone.localdate(at, tenant.zone))
    moves = [name for name, move in MOVES[mail.kind].items() if state in move.sources]
    sheet = kind.sheet(document)
    label, amount = _headline(mail.kind, document)
    return {
        "tenant": tenant,
        "logo_url": picture_path(tenant.logo_id) if sheet.logo else "",
        "sheet": sheet,
        "lines": [list(zip(sheet.head, row, strict=True)) for row in sheet.rows],
        "state": state,
        "state_label": WAITING.get((mail.kind, state)) or dict(kind.model.Status.choices)[state],
        "notice": _notice(mail.kind, document, state, tenant.zone),
        "headline": (label, f"{amount_text(amount, document.currency)} {document.currency}"),
        "moves": moves,
        # Only what is decided upon needs to be known to the letter.
        "sha256": hashlib.sha256(kind.pdf(document)).hexdigest() if moves else "",
        "until": day_text(timezone.localdate(mail.valid_until, tenant.zone)),
    }


def _headline(kind: str, document: Any) -> tuple[str, Any]:
    if kind == "invoice":
        return _("Amount due"), document.amount_still_due
    return (_("Value"), document.value) if kind == "contract" else (_("Total"), document.total)


def _notice(kind: str, document: Any, state: str, zone: Any) -> str:
    """Return what is to be said of the state; "" for nothing."""
    decided = getattr(document, "decided_at", None)
    when = date_format(decided.astimezone(zone), "DATETIME_FORMAT") if decided else ""
    lapsed = getattr(document, "valid_until", None) or getattr(document, "end_date", None)
    said = {
        ("quote", "approved"): _("This quote was approved: %(when)s.") % {"when": when},
        ("quote", "rejected"): _("This quote was rejected: %(when)s.") % {"when": when},
        ("quote", "expired"): _("This quote was valid until %(day)s. Ask us for a new one.")
        % {"day": day_text(lapsed)},
        ("invoice", "paid"): _("This invoice is paid. Thank you."),
        ("invoice", "overdue"): _("This invoice is overdue."),
        ("contract", "signed"): _("This contract is signed. Keep its PDF for your files."),
        ("contract", "expired"): _("This contract ended on %(day)s.") % {"day": day_text(lapsed)},
    }
    return said.get((kind, state), "")
