"""Mails on their way: claimed, handed to the mail server once, settled.

Each step is committed before the next: claimed (whoever dies then lets go after the lease),
`in flight` before the mail is handed over, and what came of it. A mail that is found in flight
after its time is never sent again by itself: nobody knows whether it has arrived.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any

from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.outbox import claim_next, delay_after
from sales.documents.telling import NOT_DELIVERED, tell_owner
from sales.mailing.links import ClaimLost
from sales.mailing.models import DocumentMail
from sales.sending.answers import Verdict, code_of, verdict_on, words_of
from sales.sending.kinds import find_document
from sales.sending.writing import letter_of

log = logging.getLogger(__name__)

Status, Purpose = DocumentMail.Status, DocumentMail.Purpose
FLIGHT = timedelta(minutes=10)  # far longer than a conversation whose every step may take 20 s
MOST_ATTEMPTS = 12  # over twenty hours
KEPT_OF_ERROR = 500  # characters


class ServerInTrouble(Exception):
    """The mail server does not take connections now, or falls silent in the middle of a mail."""


def send_due(*, at: datetime, most: int) -> int:
    """Send the mails of the tenant acted for that are due by `at`. Returns how many were tried.

    It stops at a server in trouble: whoever is down is not asked a hundred times, and does not
    make a hundred mails unclear.
    """
    give_up_lost(at=at)
    for tried in range(most):
        pk = claim_next(DocumentMail, at=at)
        if pk is None:
            return tried
        mails = DocumentMail.objects.select_related("tenant", "asked_by")
        try:
            _send(mails.get(pk=pk))
        except ServerInTrouble:
            return tried + 1
    return most


def give_up_lost(*, at: datetime) -> int:
    """Mark mails whose worker was not heard of again as unclear; their owners are told."""
    lost = DocumentMail.objects.filter(status=Status.IN_FLIGHT, due_at__lte=at)
    found = list(lost.select_related("tenant"))
    for mail in found:
        with override(mail.language):
            words = _("Whoever was sending it stopped in the middle: it may have arrived.")
        _settle(mail, Status.UNCLEAR, answer=words)
    return len(found)


def _send(mail: DocumentMail) -> None:
    document = find_document(mail)
    reason = _not_needed(mail, document)
    if reason:  # its owner has seen to that: no news to them
        mine = DocumentMail.objects.filter(pk=mail.pk, due_at=mail.due_at)
        mine.update(status=Status.FAILED, answer=reason)
        return
    try:
        letter = letter_of(mail, document, at=timezone.now())
    except ClaimLost:
        return
    except Exception as error:  # a fault of ours: it is tried again, not for ever
        log.exception("mail %s cannot be written", mail.pk)
        _put_off(mail, error)
        return
    _hand_over(mail, letter)


def _hand_over(mail: DocumentMail, letter: EmailMultiAlternatives) -> None:
    """Give a mail to the mail server, after it is committed that we do.

    :raises ServerInTrouble: there is no server and the mail waits, or it broke off in the middle.
    """
    try:
        connection = _connected()
    except Exception as error:
        _put_off(mail, error)
        raise ServerInTrouble from error
    try:
        if not _begin(mail):
            return
        letter.connection = connection
        letter.send()
    except Exception as error:
        _judge(mail, error)
    else:
        _settle(mail, Status.SENT, sent_at=timezone.now(), answer="", answer_status=None)
    finally:
        _part(connection)


def _connected() -> Any:
    """Return a connection on which nothing was said but good day."""
    connection = get_connection()
    try:
        connection.open()
        smtp = getattr(connection, "connection", None)
        greet = getattr(smtp, "ehlo_or_helo_if_needed", None)
        if greet is not None:  # a server that breaks off here has taken nothing
            greet()
    except Exception:
        _part(connection)
        raise
    return connection


def _part(connection: Any) -> None:
    """Close a connection; what the server says to our goodbye is of no interest."""
    with suppress(OSError, SMTPException):
        connection.close()


def _begin(mail: DocumentMail) -> bool:
    """Commit that a mail is in flight; tell whether it is still ours to send."""
    until = timezone.now() + FLIGHT
    mine = DocumentMail.objects.filter(pk=mail.pk, status=Status.PENDING, due_at=mail.due_at)
    is_mine = bool(mine.update(status=Status.IN_FLIGHT, due_at=until))
    mail.due_at = until
    return is_mine


def _judge(mail: DocumentMail, error: Exception) -> None:
    verdict = verdict_on(error)
    if verdict is Verdict.LATER:
        _put_off(mail, error)
        return
    status = Status.FAILED if verdict is Verdict.NEVER else Status.UNCLEAR
    _settle(mail, status, answer=words_of(error, KEPT_OF_ERROR), answer_status=code_of(error))
    if status == Status.UNCLEAR:
        raise ServerInTrouble from error


def _put_off(mail: DocumentMail, error: Exception) -> None:
    answer = {"answer": words_of(error, KEPT_OF_ERROR), "answer_status": code_of(error)}
    if mail.attempts >= MOST_ATTEMPTS:
        _settle(mail, Status.FAILED, **answer)
    else:
        due_at = timezone.now() + delay_after(mail.attempts)
        _settle(mail, Status.PENDING, due_at=due_at, **answer)


@transaction.atomic
def _settle(mail: DocumentMail, status: str, **values: Any) -> None:
    """Keep what came of an attempt, if the mail is still the one that was attempted.

    An attempt that was given up for lost, and comes back after all, knows better.
    """
    known = (Status.PENDING, Status.IN_FLIGHT, Status.UNCLEAR)
    mine = DocumentMail.objects.filter(pk=mail.pk, status__in=known, due_at=mail.due_at)
    if not mine.update(status=status, **values):
        return
    if status in (Status.FAILED, Status.UNCLEAR) and mail.purpose == Purpose.DOCUMENT:
        detail = f"{mail.recipient}: {values['answer']}"
        tell_owner(mail.document, NOT_DELIVERED, once=f"{mail.pk}:{status}", detail=detail)


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


def tenants_with_due_mails(at: datetime) -> Iterable[int]:
    """Return the tenants that have mails to send, or to give up, by `at`. Runs for everyone."""
    waiting = (Status.PENDING, Status.IN_FLIGHT)
    due = DocumentMail.objects.filter(status__in=waiting, due_at__lte=at, tenant__is_active=True)
    return list(due.order_by().values_list("tenant_id", flat=True).distinct())
