"""Mails on their way: claimed, handed to the mail server once, settled.

Each step is committed before the next: claimed (whoever dies then lets go after the lease),
`in flight` before the mail is handed over, and what came of it. A mail that is found in flight
after its time is never sent again by itself: nobody knows whether it has arrived.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.mail_answers import Verdict, code_of, is_closing, verdict_on, words_of
from core.mail_server import connected, part
from core.mails import ClaimLost, MailRow, NotNeeded
from core.outbox import claim_next, delay_after

log = logging.getLogger(__name__)

Status = MailRow.Status
FLIGHT = timedelta(minutes=10)  # far longer than a conversation whose every step may take 20 s
MOST_ATTEMPTS = 12  # over twenty hours
KEPT_OF_ERROR = 500  # characters


@dataclass(frozen=True)
class Post:
    """One kind of our mails, and what is done with each.

    `write` returns it ready to be sent, or raises NotNeeded or ClaimLost; `tell_undelivered` is
    called in the transaction in which it is noted that it failed or is unclear.
    """

    model: Any
    related: tuple[str, ...]
    write: Callable[[Any], EmailMultiAlternatives]
    tell_undelivered: Callable[[Any], None]


class ServerInTrouble(Exception):
    """The mail server does not take connections now, or falls silent in the middle of a mail."""


def send_due(post: Post, *, at: datetime, most: int) -> int:
    """Send the mails of the tenant acted for that are due by `at`. Returns how many were tried.

    It stops at a server in trouble: whoever is down is not asked a hundred times, and does not
    make a hundred mails unclear.
    """
    give_up_lost(post, at=at)
    for tried in range(most):
        pk = claim_next(post.model, at=at)
        if pk is None:
            return tried
        try:
            send_claimed(post, _mails(post).get(pk=pk))
        except ServerInTrouble:
            return tried + 1
    return most


def give_up_lost(post: Post, *, at: datetime) -> int:
    """Mark mails whose worker was not heard of again as unclear; who waits for them is told."""
    found = list(_mails(post).filter(status=Status.IN_FLIGHT, due_at__lte=at))
    for mail in found:
        with override(mail.language):
            words = _("Whoever was sending it stopped in the middle: it may have arrived.")
        _settle(post, mail, Status.UNCLEAR, answer=words)
    return len(found)


def send_claimed(post: Post, mail: Any) -> None:
    """Send a mail that the caller has claimed, unless it is not needed or not theirs any more.

    :raises ServerInTrouble: there is no server and the mail waits, or it broke off in the middle.
    """
    try:
        letter = post.write(mail)
    except ClaimLost:
        return
    except NotNeeded as reason:  # whoever waited for it has seen to that: no news to them
        mine = {"pk": mail.pk, "status": Status.PENDING, "due_at": mail.due_at}
        post.model.objects.filter(**mine).update(status=Status.FAILED, answer=str(reason))
        return
    except Exception as error:  # a fault of ours: it is tried again, not for ever
        log.exception("mail %s cannot be written", mail.pk)
        _put_off(post, mail, error)
        return
    _hand_over(post, mail, letter)


def _hand_over(post: Post, mail: Any, letter: EmailMultiAlternatives) -> None:
    """Give a mail to the mail server, after it is committed that we do.

    :raises ServerInTrouble: there is no server and the mail waits, or it broke off in the middle.
    """
    try:
        connection = connected()
    except Exception as error:
        _put_off(post, mail, error)
        raise ServerInTrouble from error
    try:
        if not _begin(post, mail):
            return
        letter.connection = connection
        letter.send()
    except Exception as error:
        _judge(post, mail, error)
    else:
        _settle(post, mail, Status.SENT, sent_at=timezone.now(), answer="", answer_status=None)
    finally:
        part(connection)


def _begin(post: Post, mail: Any) -> bool:
    """Commit that a mail is in flight; tell whether it is still ours to send."""
    until = timezone.now() + FLIGHT
    mine = post.model.objects.filter(pk=mail.pk, status=Status.PENDING, due_at=mail.due_at)
    is_mine = bool(mine.update(status=Status.IN_FLIGHT, due_at=until))
    mail.due_at = until
    return is_mine


def _judge(post: Post, mail: Any, error: Exception) -> None:
    """Keep what went wrong with a mail: it waits, is given up, or nobody knows.

    :raises ServerInTrouble: it is not for the mail that the server refuses, or it broke off.
    """
    verdict = verdict_on(error)
    if verdict in (Verdict.LATER, Verdict.TROUBLE):
        _put_off(post, mail, error)
        if verdict is Verdict.TROUBLE or is_closing(error):
            raise ServerInTrouble from error
        return
    status = Status.FAILED if verdict is Verdict.NEVER else Status.UNCLEAR
    _settle(post, mail, status, answer=words_of(error, KEPT_OF_ERROR), answer_status=code_of(error))
    if status == Status.UNCLEAR:
        raise ServerInTrouble from error


def _put_off(post: Post, mail: Any, error: Exception) -> None:
    answer = {"answer": words_of(error, KEPT_OF_ERROR), "answer_status": code_of(error)}
    if mail.attempts >= MOST_ATTEMPTS:
        _settle(post, mail, Status.FAILED, **answer)
    else:
        due_at = timezone.now() + delay_after(mail.attempts)
        _settle(post, mail, Status.PENDING, due_at=due_at, **answer)


@transaction.atomic
def _settle(post: Post, mail: Any, status: str, **values: Any) -> None:
    """Keep what came of an attempt, if the mail is still the one that was attempted.

    An attempt that was given up for lost, and comes back after all, knows better.
    """
    known = (Status.PENDING, Status.IN_FLIGHT, Status.UNCLEAR)
    mine = post.model.objects.filter(pk=mail.pk, status__in=known, due_at=mail.due_at)
    if not mine.update(status=status, **values):
        return
    if status in (Status.FAILED, Status.UNCLEAR):
        mail.status, mail.answer = status, values["answer"]
        post.tell_undelivered(mail)


def _mails(post: Post) -> Any:
    return post.model.objects.select_related("tenant", *post.related)


def tenants_with_due_mails(post: Post, at: datetime) -> Iterable[int]:
    """Return the tenants that have mails to send, or to give up, by `at`. Runs for everyone."""
    waiting = (Status.PENDING, Status.IN_FLIGHT)
    due = post.model.objects.filter(status__in=waiting, due_at__lte=at, tenant__is_active=True)
    return list(due.order_by().values_list("tenant_id", flat=True).distinct())
