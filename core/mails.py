"""Mails of ours on their way: the row that each of them is, and the link that it may bring."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.letters import own_address
from core.outbox import OutboxRow
from core.tenancy import across_tenants


class ClaimLost(Exception):
    """The mail is another worker's by now, or has left."""


class NotNeeded(Exception):
    """The mail has no sense any more; the text says why, in the mail's language."""


class MailRow(OutboxRow):
    """A mail to one address.

    It is `in flight` from before the mail server is spoken to until its answer is kept. One that
    nobody heard of again is `unclear`: it may have arrived, so a person decides whether it is sent
    again. The token of its link is in the mail alone: what is kept here is its hash.
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("Pending")
        IN_FLIGHT = "in_flight", _("In flight")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        UNCLEAR = "unclear", _("Unclear")

    status = models.CharField(
        _("status"), max_length=9, choices=Status.choices, db_default=Status.PENDING
    )
    recipient = models.EmailField(_("to"), max_length=254, blank=True)
    language = models.CharField(_("language"), max_length=2)
    message_id = models.CharField(max_length=255, editable=False)
    token_hash = models.CharField(max_length=64, db_default="", editable=False)

    class Meta(OutboxRow.Meta):
        abstract = True


def new_message_id() -> str:
    """Return what a mail is called by mail servers; the same for each try."""
    return f"<{uuid.uuid4().hex}@{own_address().rpartition('@')[2]}>"


def new_token(mail: Any, **columns: Any) -> str:
    """Give a claimed mail a token of its own; the one before ends.

    A token is 256 random bits. It is nowhere but in the mail.

    :param columns: what else is written down of the link.
    :raises ClaimLost: it belongs to whoever sends the mail now, and stays as it is.
    """
    token = secrets.token_urlsafe(32)
    rows = type(mail).objects.filter(pk=mail.pk)
    mine = rows.filter(status=MailRow.Status.PENDING, due_at=mail.due_at)
    columns = {"token_hash": hashed(token), **columns}
    if not mine.update(**columns):
        raise ClaimLost
    for name, value in columns.items():
        setattr(mail, name, value)
    return token


def find_by_token(model: Any, token: str, *related: str) -> Any:
    """Return the mail that a token came with, whosever it is; None if no mail did."""
    with across_tenants():
        mails = model.objects.select_related("tenant", *related).filter(tenant__is_active=True)
        return mails.filter(token_hash=hashed(token)).first()


def hashed(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
