"""What people at the back office are told when a service refuses, in their language."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from sales.documents.states import WrongState
from sales.invoices.services import HasPayments

COLORS = {
    "draft": "default",
    "sent": "info",
    "approved": "success",
    "rejected": "danger",
    "expired": "warning",
    "cancelled": "default",
    "signed": "success",
    "paid": "success",
    "overdue": "danger",
}


def shown_state(document: Any) -> tuple[str, str]:
    """The state that a document has today, and what it is called."""
    state = document.state_on(timezone.localdate())
    return state, str(type(document).Status(state).label)


@contextmanager
def worded(document: Any) -> Iterator[None]:
    """Say what a service refuses about a document as people read it."""
    try:
        yield
    except DomainError as refusal:
        raise DomainError(_worded(refusal, document), fields=_named(refusal)) from refusal


def _worded(refusal: DomainError, document: Any) -> str:
    if isinstance(refusal, HasPayments):
        return _("Payments were made: refund them before it is cancelled.")
    if isinstance(refusal, WrongState):
        return _refused_state(document)
    texts = {
        "billed_already": _("This was made of the quote before."),
        "contact_deleted": _("Its contact was deleted."),
        "expired_already": _("The day until which it is valid has passed: change it first."),
        "no_longer_due": _("Its invoice is cancelled, or less than this payment is due."),
        "refunded": _("Money of this payment went back: what it was stays as it was."),
    }
    return texts.get(refusal.code) or _of_line(refusal)


def _refused_state(document: Any) -> str:
    kind = type(document)
    rows = getattr(kind, "all_objects", kind._default_manager)
    current = rows.filter(pk=document.pk).first() or document
    if not hasattr(current, "state_on"):
        return _("All of this payment went back before.")
    names = {"document": str(current), "state": shown_state(current)[1]}
    return _("%(document)s is in the state “%(state)s”: this cannot be done to it.") % names


def _of_line(refusal: DomainError) -> str:
    """A refusal of one line, by its place on the page."""
    for name, texts in (refusal.fields or {}).items():
        place = name.split(".")
        if len(place) == 3:
            return _("Line %(number)d: %(text)s") % {
                "number": int(place[1]) + 1,
                "text": " ".join(texts),
            }
    return refusal.message


def _named(refusal: DomainError) -> dict[str, list[str]] | None:
    """What is wrong where, by the names that the forms use."""
    fields = refusal.fields or {}
    return {name.removesuffix("_id"): texts for name, texts in fields.items()} or None
