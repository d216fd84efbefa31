"""Links by which those invited see an event and answer, without an account."""

from __future__ import annotations

from django.conf import settings

from core.mails import find_by_token, new_token
from sales.invitations.models import EventMail

PATH = "/e/"


def new_link(mail: EventMail) -> str:
    """Give a claimed mail a link of its own and return its address; it ends with the event.

    :raises ClaimLost: the link belongs to whoever sends the mail now, and stays as it is.
    """
    return f"{settings.CRM_PUBLIC_URL}{PATH}{new_token(mail)}"


def find_link(token: str) -> EventMail | None:
    """Return the mail that a token came with, whosever it is; None if no mail did."""
    found: EventMail | None = find_by_token(EventMail, token)
    return found
