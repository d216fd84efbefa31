from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.tenants.models import Tenant
from accounts.users.models import User
from core.letters import one_line
from core.mails import new_message_id
from core.tasks import wake
from core.tenancy import current_tenant
from prospects.pipeline.services import acting_author
from sales.mailing.models import LONGEST_SUBJECT, DocumentMail

Status, Purpose = DocumentMail.Status, DocumentMail.Purpose
SEND_MAILS = "sending.send_mails"
DOUBLE_CLICK = timedelta(seconds=30)  # so long after a mail left, the same wish is the same click


@dataclass(frozen=True)
class Letter:
    """How a document is mailed. What is not said follows from the document."""

    to: str = ""
    subject: str = ""
    message: str = ""


AS_USUAL = Letter()


def mail_document(document: Any, letter: Letter, *, by: User | None, at: datetime) -> DocumentMail:
    """Write down that a locked document goes to its contact by mail; the worker sends it.

    Until then a second wish changes the first, and one that is on its way, or has just left, is not
    doubled: nobody gets two of a double click. Links that were mailed to another address end.
    Without an address there is nothing to wait for, and nothing ends: that is told in the mail's
    status.
    """
    tenant = Tenant.objects.get(pk=current_tenant() or 0)
    mails = DocumentMail.objects.filter(**{str(document._meta.model_name): document})
    wanted = _wanted(document, letter, tenant, by=by)
    if wanted["recipient"]:
        _end_links(mails.exclude(recipient=wanted["recipient"]), at=at)
    mine = mails.filter(purpose=Purpose.DOCUMENT)
    mail = _joined(mine, wanted, at=at) or new_mail(document, tenant, due_at=at, **wanted)
    wake(SEND_MAILS, tenant_id=tenant.pk)
    return mail


def new_mail(document: Any, tenant: Tenant, **values: Any) -> DocumentMail:
    """Store a mail of a document, pending; one without an address has failed already."""
    mail = unsent_mail(document, tenant, **values)
    mail.save()
    return mail


def unsent_mail(document: Any, tenant: Tenant, **values: Any) -> DocumentMail:
    """Return a mail of a document that is not stored yet."""
    mail = DocumentMail(
        **{str(document._meta.model_name): document},
        tenant=tenant,
        language=tenant.language,
        message_id=new_message_id(),
        status=Status.PENDING,
        **values,
    )
    if not mail.recipient:
        with override(tenant.language):
            mail.status, mail.answer = Status.FAILED, _("The contact has no email address.")
    return mail


def subject_of(document: Any, tenant: Tenant) -> str:
    """Return under which subject a document is mailed, in the tenant's language."""
    with override(tenant.language):
        named = f"{capfirst(document._meta.verbose_name)} {document.number_text}"
    titled = f"{named}: {document.title}" if document.title else named
    return short(f"{titled} ({tenant.name})")


def short(subject: str) -> str:
    """Return a subject as it can be kept and sent."""
    return Truncator(one_line(subject)).chars(LONGEST_SUBJECT)


def _wanted(document: Any, letter: Letter, tenant: Tenant, *, by: User | None) -> dict[str, Any]:
    return {
        "recipient": letter.to or document.contact.email,
        "subject": short(letter.subject) or subject_of(document, tenant),
        "message": letter.message,
        "asked_by": acting_author(by),
    }


def _end_links(mails: Any, *, at: datetime) -> None:
    """End links that were mailed. A reminder that is still to leave has none that anybody knows."""
    to_leave = Q(purpose=Purpose.REMINDER, status=Status.PENDING)
    mails.filter(~to_leave, ended_at=None).update(ended_at=at)


def _joined(mails: Any, wanted: dict[str, Any], *, at: datetime) -> DocumentMail | None:
    """Return the mail that brings what is wanted already, if one does."""
    if wanted["recipient"]:
        # A worker that has it in hand finds that it is not its own any more, and lets it be.
        waiting = {**wanted, "due_at": at, "attempts": 0, "ended_at": None}
        pk = mails.filter(status=Status.PENDING).values_list("pk", flat=True).first()
        if pk and mails.filter(pk=pk, status=Status.PENDING).update(**waiting):
            return mails.get(pk=pk)
    same = {name: wanted[name] for name in ("recipient", "subject", "message")}
    on_its_way = Q(status=Status.IN_FLIGHT, due_at__gt=at)
    just_left = Q(status=Status.SENT, sent_at__gt=at - DOUBLE_CLICK)
    return mails.filter(on_its_way | just_left, ended_at=None, **same).order_by("pk").last()
