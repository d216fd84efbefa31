"""The mail that brings a document."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.users.models import User
from core.letters import named_address, write_letter
from sales.documents.sheets import amount_text, day_text
from sales.mailing.links import new_link
from sales.mailing.models import DocumentMail
from sales.sending.kinds import KINDS

Purpose = DocumentMail.Purpose


def letter_of(mail: DocumentMail, document: Any, *, at: datetime) -> EmailMultiAlternatives:
    """Return the mail of a document, its PDF attached, with a link of its own.

    It comes from the tenant, at our address; answers go to the document's owner.

    :raises ClaimLost: the mail is not the caller's to send any more.
    """
    tenant = mail.tenant
    with override(mail.language):
        pdf = KINDS[mail.kind].pdf(document)
        words = _reminding(mail, document, at) if mail.purpose == Purpose.REMINDER else ""
        letter = write_letter(
            to=mail.recipient,
            subject=mail.subject,
            template="sales/mail_document",
            language=mail.language,
            sender=tenant.name,
            answers_to=_answers_to(mail, document),
            headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
            name=document.contact.name,
            tenant=tenant.name,
            number=document.number_text,
            kind=mail.kind,
            message=mail.message,
            reminding=words,
            url=new_link(mail, at=at),
            until=day_text(timezone.localdate(mail.valid_until, tenant.zone)),
        )
    letter.attach(f"{document.number_text}.pdf", pdf, "application/pdf")
    return letter


def _answers_to(mail: DocumentMail, document: Any) -> str:
    person: User | None = document.owner or mail.asked_by or document.created_by
    if person is None or not person.is_active:
        return ""
    return named_address(person.name, person.email)


def _reminding(mail: DocumentMail, invoice: Any, at: datetime) -> str:
    """Return how a contact is reminded of what they owe."""
    due: date = invoice.due_at
    today = timezone.localdate(at, mail.tenant.zone)
    said = {
        "amount": f"{amount_text(invoice.amount_still_due, invoice.currency)} {invoice.currency}",
        "day": day_text(due),
    }
    if due < today:
        return _("%(amount)s were due on %(day)s and are still to be paid.") % said
    if due == today:
        return _("%(amount)s are due today.") % said
    return _("%(amount)s are due on %(day)s.") % said
