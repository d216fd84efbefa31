"""Links by which whoever was mailed a document sees it, without an account."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from core.mails import find_by_token, new_token
from sales.mailing.models import DocumentMail

PATH = "/d/"


def new_link(mail: DocumentMail, *, at: datetime) -> str:
    """Give a claimed mail a link of its own and return its address; the one before ends.

    :raises ClaimLost: the link belongs to whoever sends it now, and stays as it is.
    """
    valid_until = at + timedelta(days=mail.tenant.document_link_days)
    return f"{settings.CRM_PUBLIC_URL}{PATH}{new_token(mail, valid_until=valid_until)}"


def find_link(token: str) -> DocumentMail | None:
    """Return the mail that a token came with, whosever it is; None if no mail did."""
    found: DocumentMail | None = find_by_token(DocumentMail, token)
    return found
