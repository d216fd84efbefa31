"""What the answer of a mail server means for a mail."""

from __future__ import annotations

from enum import Enum
from smtplib import (
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
)


class Verdict(Enum):
    """What is known of a mail that was not sent without trouble."""

    LATER = "it was not taken, and may be another time"
    NEVER = "it was not taken, and never will be"
    UNCLEAR = "it may have been taken"


TOO_MANY = 429


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
    if code is not None and 400 <= code < 500:
        return Verdict.LATER if code == TOO_MANY else Verdict.NEVER
    # What cannot be written as a mail at all; of anymail too.
    if isinstance(error, ValueError | SMTPNotSupportedError):
        return Verdict.NEVER
    return Verdict.UNCLEAR


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
