"""What is mailed of documents, and who hears when it does not arrive (core.delivering)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import delivering
from core.delivering import Post
from core.mails import NotNeeded
from sales.documents.telling import NOT_DELIVERED, tell_owner
from sales.mailing.models import DocumentMail
from sales.sending.kinds import find_document
from sales.sending.writing import letter_of

Purpose = DocumentMail.Purpose


def send_due(*, at: datetime, most: int) -> int:
    """Send the documents of the tenant acted for that are due by `at`, as core.delivering does."""
    return delivering.send_due(DOCUMENTS, at=at, most=most)


def tenants_with_due_mails(at: datetime) -> Iterable[int]:
    """Return the tenants that have mails to send, or to give up, by `at`. Runs for everyone."""
    return delivering.tenants_with_due_mails(DOCUMENTS, at)


def _write(mail: DocumentMail) -> EmailMultiAlternatives:
    document = find_document(mail)
    reason = _not_needed(mail, document)
    if reason:
        raise NotNeeded(reason)
    return letter_of(mail, document, at=timezone.now())


def _tell_undelivered(mail: DocumentMail) -> None:
    if mail.purpose == Purpose.DOCUMENT:
        detail = f"{mail.recipient}: {mail.answer}"
        tell_owner(mail.document, NOT_DELIVERED, once=f"{mail.pk}:{mail.status}", detail=detail)


def _not_needed(mail: DocumentMail, document: Any) -> str:
    """Return why a mail has no sense any more; "" if it has."""
    with override(mail.language):
        if document is None:
            return _("It was deleted before it was sent.")
        if document.status == "cancelled":
            return _("It was cancelled before it was sent.")
        is_reminder = mail.purpose == Purpose.REMINDER
        if is_reminder and (document.status != "sent" or document.due_at != mail.due_date):
            return _("There is nothing to remind of any more.")
    return ""


DOCUMENTS = Post(
    model=DocumentMail, related=("asked_by",), write=_write, tell_undelivered=_tell_undelivered
)
