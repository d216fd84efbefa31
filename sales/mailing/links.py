"""Links by which whoever was mailed a document sees it, without an account."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings

from core.tenancy import across_tenants
from sales.mailing.models import DocumentMail

PATH = "/d/"


class ClaimLost(Exception):
    """The mail is another worker's by now, or has left."""


def new_link(mail: DocumentMail, *, at: datetime) -> str:
    """Give a claimed mail a link of its own and return its address; the one before ends.

    A token is 256 random bits. It is nowhere but in the mail.

    :raises ClaimLost: the link belongs to whoever sends it now, and stays as it is.
    """
    token = secrets.token_urlsafe(32)
    mail.token_hash = hashed(token)
    mail.valid_until = at + timedelta(days=mail.tenant.document_link_days)
    rows = DocumentMail.objects.filter(pk=mail.pk)
    mine = rows.filter(status=DocumentMail.Status.PENDING, due_at=mail.due_at)
    if not mine.update(token_hash=mail.token_hash, valid_until=mail.valid_until):
        raise ClaimLost
    return f"{settings.CRM_PUBLIC_URL}{PATH}{token}"


def find_link(token: str) -> DocumentMail | None:
    """Return the mail that a token came with, whosever it is; None if no mail did."""
    with across_tenants():
        mails = DocumentMail.objects.select_related("tenant").filter(tenant__is_active=True)
        found: DocumentMail | None = mails.filter(token_hash=hashed(token)).first()
        return found


def hashed(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
