"""The mails with links, sent by the worker."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.passwords.models import PasswordLink
from accounts.passwords.services import new_token
from core.letters import write_letter
from core.outbox import claim_next, delay_after

Status, Purpose = PasswordLink.Status, PasswordLink.Purpose

VALID_FOR = {Purpose.RESET: timedelta(hours=1), Purpose.INVITATION: timedelta(days=7)}
MOST_ATTEMPTS = 8  # over four hours
KEPT_OF_ERROR = 500  # characters


def send_links(*, at: datetime, most: int) -> int:
    """Send the mails of the tenant acted for that are due by `at`. Returns how many were tried."""
    for tried in range(most):
        pk = claim_next(PasswordLink, at=at)
        if pk is None:
            return tried
        _send(PasswordLink.objects.select_related("user", "tenant").get(pk=pk))
    return most


def _send(link: PasswordLink) -> None:
    """Mail a link of its own to each attempt: of the one before, only the hash was kept."""
    token, link.token_hash = new_token()
    link.valid_until = timezone.now() + VALID_FOR[Purpose(link.purpose)]
    rows = PasswordLink.objects.filter(pk=link.pk)
    rows.update(token_hash=link.token_hash, valid_until=link.valid_until)
    if link.ended_at is not None or not link.user.is_active:
        rows.update(status=Status.FAILED, answer="It is not needed any more.")
        return
    try:
        letter_of(link, token).send()
    except (SMTPException, OSError, ValueError) as error:
        rows.update(**_put_off(link, error))
    else:
        rows.update(status=Status.SENT, sent_at=timezone.now(), answer="")


def _put_off(link: PasswordLink, error: Exception) -> dict[str, Any]:
    answer = f"{type(error).__name__}: {error}"[:KEPT_OF_ERROR].replace("\x00", "")
    if link.attempts >= MOST_ATTEMPTS:
        return {"status": Status.FAILED, "answer": answer}
    return {"due_at": timezone.now() + delay_after(link.attempts), "answer": answer}


def letter_of(link: PasswordLink, token: str) -> EmailMultiAlternatives:
    """Return the mail with a link."""
    is_reset = link.purpose == Purpose.RESET
    invited = format_lazy(_("Invitation to {tenant}"), tenant=link.tenant.name)
    return write_letter(
        to=link.user.email,
        subject=_("Choose a new password") if is_reset else invited,
        template=f"accounts/mail_{link.purpose}",
        language=link.tenant.language,
        name=link.user.name,
        tenant=link.tenant.name,
        url=f"{settings.CRM_PUBLIC_URL}/account/{link.purpose}/{token}",
        hours=int(VALID_FOR[Purpose(link.purpose)] / timedelta(hours=1)),
    )


def tenants_with_due_links(at: datetime) -> Iterable[int]:
    """Return the tenants whose mails wait by `at`. Runs for everyone."""
    due = PasswordLink.objects.filter(status=Status.PENDING, due_at__lte=at)
    return list(due.order_by().values_list("tenant_id", flat=True).distinct())
