from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from core.errors import DomainError, NotFound
from sales.contracts.signing import ChangedMeanwhile, Signer, sign_contract
from sales.mailing.links import find_link
from sales.mailing.models import DocumentMail
from sales.portal.models import LONGEST_BROWSER, ClientAct
from sales.quotes.models import Quote
from sales.quotes.services import approve_quote, reject_quote
from sales.quotes.sheet import quote_pdf
from sales.sending.kinds import find_document

Action = ClientAct.Action


class LinkOver(DomainError):
    """The link worked once, but does not any more."""

    code = "link_over"
    status = 410


class Withdrawn(DomainError):
    """The document was called off."""

    code = "withdrawn"
    status = 410


@dataclass(frozen=True)
class Visitor:
    """Who opened a link, as far as that can be known."""

    ip_address: str | None
    user_agent: str


def open_link(token: str, *, at: datetime) -> DocumentMail:
    """Return the mail that a token came with, whosever it is.

    :raises NotFound: there never was such a link.
    :raises LinkOver: it has ended.
    """
    mail = find_link(token)
    if mail is None:
        raise NotFound("There is no such link.")
    if mail.ended_at is not None or mail.valid_until is None or mail.valid_until <= at:
        raise LinkOver("The link does not work any more.")
    return mail


def shown_document(mail: DocumentMail) -> Any:
    """Return the document of a mail.

    :raises Withdrawn: it was deleted or cancelled.
    """
    document = find_document(mail)
    if document is None or document.status == "cancelled":
        raise Withdrawn("The document was withdrawn.")
    return document


def note_view(mail: DocumentMail, *, at: datetime) -> None:
    """Remember when a link was opened first: by a person, or by a program that looks into mails."""
    if mail.viewed_at is None:
        DocumentMail.objects.filter(pk=mail.pk, viewed_at=None).update(viewed_at=at)


@transaction.atomic
def approve_by_link(
    *, mail: DocumentMail, visitor: Visitor, read_sha256: str, at: datetime
) -> Quote:
    """Note that whoever was mailed a quote wants it; what they were shown is kept.

    :param read_sha256: the hash of the PDF that they were shown.
    :raises NotFound: it is no quote.
    :raises Withdrawn: it was cancelled.
    :raises WrongState: it is decided or expired.
    :raises ChangedMeanwhile: it is another than the one that they read.
    """
    return _decide(approve_quote, Action.APPROVED, mail, visitor, read_sha256, at)


@transaction.atomic
def reject_by_link(
    *, mail: DocumentMail, visitor: Visitor, read_sha256: str, reason: str, at: datetime
) -> Quote:
    """Note that whoever was mailed a quote does not want it, and why.

    :raises NotFound, Withdrawn, WrongState, ChangedMeanwhile: as approve_by_link.
    """
    return _decide(reject_quote, Action.REJECTED, mail, visitor, read_sha256, at, reason=reason)


@transaction.atomic
def sign_by_link(
    *, mail: DocumentMail, visitor: Visitor, read_sha256: str, name: str, company: str, at: datetime
) -> None:
    """Sign a contract as whoever was mailed it; the signature keeps what they were shown.

    :raises NotFound: it is no contract.
    :raises Withdrawn: it was deleted or cancelled.
    :raises WrongState: it is signed or expired.
    :raises ContactIsGone: the contact was deleted.
    :raises ChangedMeanwhile: it is another than the one that they read.
    """
    if mail.contract_id is None:
        raise NotFound("It is no contract.")
    shown_document(mail)
    if not read_sha256:
        raise ChangedMeanwhile("It is not known what was read.")
    signer = Signer(name, company, visitor.ip_address, visitor.user_agent)
    sign_contract(
        contract_id=mail.contract_id, signer=signer, by=None, at=at, read_sha256=read_sha256
    )
    _keep(Action.SIGNED, mail, visitor, at, name=name, shown_sha256=read_sha256)


def _decide(
    decide: Callable[..., Quote],
    action: str,
    mail: DocumentMail,
    visitor: Visitor,
    read_sha256: str,
    at: datetime,
    **said: str,
) -> Quote:
    if mail.quote_id is None:
        raise NotFound("It is no quote.")
    shown_document(mail)
    quote = decide(quote_id=mail.quote_id, by=None, at=at, **said)
    shown = quote_pdf(quote)
    if hashlib.sha256(shown).hexdigest() != read_sha256:
        raise ChangedMeanwhile("The quote was changed meanwhile: read it again.")
    _keep(action, mail, visitor, at, shown_pdf=shown, shown_sha256=read_sha256, **said)
    return quote


def _keep(action: str, mail: DocumentMail, visitor: Visitor, at: datetime, **shown: Any) -> None:
    ClientAct.objects.create(
        mail=mail,
        action=action,
        done_at=at,
        ip_address=visitor.ip_address,
        user_agent=visitor.user_agent.replace("\x00", "")[:LONGEST_BROWSER],
        **shown,
    )
