"""What the answer of a mail server means for a mail."""

from __future__ import annotations

from enum import Enum
from smtplib import (
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from anymail.exceptions import AnymailRecipientsRefused
from requests.exceptions import ConnectTimeout
from urllib3.exceptions import NewConnectionError


class Verdict(Enum):
    """What is known of a mail that was not sent without trouble."""

    LATER = "it was not taken, and may be another time"
    NEVER = "it was not taken, and never will be"
    UNCLEAR = "it may have been taken"


NOT_NOW = (429, 503)  # of providers: too many, or not at work


def code_of(error: Exception) -> int | None:
    """Return the number with which a mail server (or a provider's API) refused; None for none."""
    if isinstance(error, SMTPRecipientsRefused):
        return next((int(code) for code, _text in error.recipients.values()), None)
    if isinstance(error, SMTPResponseException):
        return int(error.smtp_code)
    status = getattr(error, "status_code", None)  # anymail
    return status if isinstance(status, int) else None


def verdict_on(error: Exception) -> Verdict:
    """Judge what went wrong after the mail began to be handed over.

    Only a refusal is certain: when the connection breaks or falls silent, the server may have
    taken the mail without our hearing of it.
    """
    code = code_of(error)
    if isinstance(error, SMTPResponseException | SMTPRecipientsRefused):
        return Verdict.LATER if code is not None and code < 500 else Verdict.NEVER
    if code in NOT_NOW or _was_not_reached(error):
        return Verdict.LATER
    if code is not None and 400 <= code < 500:
        return Verdict.NEVER
    # What cannot be written as a mail at all; of anymail too.
    if isinstance(error, ValueError | SMTPNotSupportedError | AnymailRecipientsRefused):
        return Verdict.NEVER
    return Verdict.UNCLEAR


def _was_not_reached(error: Exception) -> bool:
    """Whether there was no connection to a provider at all."""
    cause = error.__cause__
    if isinstance(cause, ConnectTimeout):
        return True
    reason = getattr(cause.args[0], "reason", None) if cause and cause.args else None
    return isinstance(reason, NewConnectionError)


def words_of(error: Exception, most: int) -> str:
    """Return what went wrong, for people, in at most so many characters."""
    if isinstance(error, SMTPRecipientsRefused):
        replies = [f"{code} {_text(text)}" for code, text in error.recipients.values()]
        words = "; ".join(replies)
    elif isinstance(error, SMTPResponseException):
        words = f"{error.smtp_code} {_text(error.smtp_error)}"
    else:
        words = f"{type(error).__name__}: {error}"
    return words.replace("\x00", "")[:most]


def _text(said: bytes | str) -> str:
    return said.decode(errors="replace") if isinstance(said, bytes) else said
