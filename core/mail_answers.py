"""What the answer of a mail server means for a mail."""

from __future__ import annotations

from datetime import timedelta
from enum import Enum
from smtplib import (
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from anymail.exceptions import AnymailRecipientsRefused
from requests.exceptions import ConnectTimeout
from urllib3.exceptions import NewConnectionError


class Verdict(Enum):
    """What is known of a mail that was not sent without trouble."""

    LATER = "it was not taken, and may be another time"
    NEVER = "it was not taken, and never will be"
    TROUBLE = "no mail of ours is taken now, whatever it says and to whom"
    UNCLEAR = "it may have been taken"


NOT_NOW = (429, 503)  # of providers: too many, or not at work
# Of providers: who we are, what we have paid, or where we asked; not what is in the mail.
ABOUT_US = (401, 402, 403, 404, 405, 407, 408)
TOO_LARGE = 552  # servers say so of a mail as soon as they hear of its size
CLOSING = 421
TOO_FAST = (CLOSING, 429, 450, 451, 452)


def code_of(error: Exception) -> int | None:
    """Return the number with which a mail server (or a provider's API) refused; None for none."""
    code = getattr(error, "status_code", None)  # anymail
    if isinstance(error, SMTPRecipientsRefused):
        code = next((int(code) for code, _text in error.recipients.values()), None)
    elif isinstance(error, SMTPResponseException):
        code = int(error.smtp_code)
    # smtplib makes -1 of a line that is no answer.
    return code if isinstance(code, int) and code >= 100 else None


def verdict_on(error: Exception) -> Verdict:
    """Judge what went wrong after the mail began to be handed over.

    Only a refusal is certain: when the connection breaks or falls silent, or what is answered
    cannot be read, the server may have taken the mail without our hearing of it.
    """
    code = code_of(error)
    if isinstance(error, SMTPSenderRefused):  # the text was not begun, and nobody was named yet
        return Verdict.NEVER if code == TOO_LARGE else Verdict.TROUBLE
    if code in (*NOT_NOW, *ABOUT_US) or _was_not_reached(error):
        return Verdict.TROUBLE
    if isinstance(error, SMTPResponseException | SMTPRecipientsRefused):
        return _of_smtp(code)
    if code is not None and 400 <= code < 500:
        return Verdict.NEVER
    # What cannot be written as a mail at all; of anymail too.
    if isinstance(error, ValueError | SMTPNotSupportedError | AnymailRecipientsRefused):
        return Verdict.NEVER
    return Verdict.UNCLEAR


def is_closing(error: Exception) -> bool:
    """Whether the server said that it ends the conversation: the next mail needs another one."""
    return code_of(error) == CLOSING


def is_too_fast(error: Exception) -> bool:
    """Whether the server may only want mails more slowly."""
    return code_of(error) in TOO_FAST


def asked_to_wait(error: Exception) -> timedelta | None:
    """Return how long a provider asks to be left alone, at most an hour; None if it does not."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    seconds = str(headers.get("Retry-After", ""))
    if not (seconds.isascii() and seconds.isdigit()):
        return None
    return timedelta(seconds=min(int(seconds[:9]), 3_600))


def _of_smtp(code: int | None) -> Verdict:
    if code is None or code < 400:
        return Verdict.UNCLEAR
    return Verdict.LATER if code < 500 else Verdict.NEVER


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
