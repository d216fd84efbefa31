from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.users.models import User
from core.errors import DomainError, InvalidInput
from core.mail_answers import words_of
from core.mail_server import connected, part
from prospects.pipeline.services import acting_author
from sales.mass_mail.cleaning import clean_html
from sales.mass_mail.letters import mold_of
from sales.mass_mail.models import LONGEST_CONTENT, Campaign
from sales.mass_mail.people import Person, person_of
from sales.mass_mail.placeholders import FIELDS, UnknownPlaceholder, check_placeholders
from sales.mass_mail.plain import text_of
from sales.mass_mail.services import require_complete, require_to_come
from sales.mass_mail.states import DELETE, EDIT, lock_campaign

Values = Mapping[str, Any]
Status = Campaign.Status


class NotTaken(DomainError):
    """The mail server did not take a mail to a colleague; the message says why."""

    code = "not_taken"


@transaction.atomic
def create_campaign(*, values: Values, by: User, at: datetime) -> Campaign:
    """Draft a campaign. Its HTML is kept without all that may not be mailed.

    :raises InvalidInput: a placeholder in it is none.
    """
    campaign = Campaign(created_by=acting_author(by), created_at=at)
    _write(campaign, values, at=at)
    return campaign


@transaction.atomic
def edit_campaign(*, campaign_id: int, values: Values, by: User, at: datetime) -> Campaign:
    """Change columns of a campaign that is not sent yet. What is not named stays.

    A scheduled one whose time is taken away is a draft again.

    :raises NotFound: there is no such campaign.
    :raises WrongState: it is being sent, or was.
    :raises InvalidInput: a placeholder is none, or a scheduled one lacks something afterwards.
    """
    campaign = lock_campaign(campaign_id, EDIT)
    _write(campaign, values, at=at)
    return campaign


@transaction.atomic
def delete_campaign(*, campaign_id: int, by: User, at: datetime) -> None:
    """Delete a draft for good.

    :raises NotFound: there is no such campaign.
    :raises WrongState: it is more than a draft.
    """
    lock_campaign(campaign_id, DELETE).delete()


def send_test(*, campaign: Campaign, to: User, contact: Any = None) -> None:
    """Mail a campaign to a colleague, as it would be to a contact, or to somebody made up.

    Its links lead where they say, and nothing is counted.

    :raises InvalidInput: it has no subject or content.
    :raises NotTaken: the mail server did not take it.
    """
    require_text(campaign)
    someone = person_of(contact) if contact is not None else sample_person(to)
    letter = mold_of(campaign, is_counted=False).letter_to(someone)
    letter.to = [to.email]
    letter.subject = _("Test: %(subject)s") % {"subject": letter.subject}
    try:
        connection = connected()
        try:
            letter.connection = connection
            letter.send()
        finally:
            part(connection)
    except Exception as error:
        words = words_of(error, 500)
        raise NotTaken(_("The mail was not taken: %(why)s") % {"why": words}) from error


def require_text(campaign: Campaign) -> None:
    """Refuse a campaign that says nothing.

    :raises InvalidInput: naming what is missing.
    """
    texts = {"subject": campaign.subject, "content": campaign.content}
    missing = {name: [_("It is needed to send.")] for name, text in texts.items() if not text}
    if missing:
        raise InvalidInput(_("A subject and content are needed."), fields=missing)


def sample_person(user: User) -> Person:
    """Somebody made up, at the address of a colleague."""
    return Person(
        id=0,
        email=user.email,
        first_name="Ana",
        last_name="López",
        company_name="Comercial del Norte",
        position=_("Director"),
        city="Monterrey",
    )


def clean_content(html: str) -> str:
    """Return what is kept of the HTML that somebody wrote.

    :raises InvalidInput: a placeholder is none, or it is too long.
    """
    cleaned = clean_html(html)
    if len(cleaned) > LONGEST_CONTENT:
        raise InvalidInput.of("content", _("It is too long."))
    for text in (cleaned, text_of(cleaned)):
        _check("content", text, with_link=True)
    return cleaned


def _write(campaign: Campaign, values: Values, *, at: datetime) -> None:
    for name, value in values.items():
        setattr(campaign, name, value)
    if "content" in values:
        campaign.content = clean_content(campaign.content)
    for name in ("subject", "preheader"):
        _check(name, getattr(campaign, name))
    if campaign.status == Status.SCHEDULED and campaign.scheduled_at is None:
        campaign.status = Status.DRAFT
    if campaign.status == Status.SCHEDULED:
        require_complete(campaign)
        if "scheduled_at" in values:
            require_to_come(campaign, at=at)
    campaign.save()


def _check(name: str, text: str, *, with_link: bool = False) -> None:
    try:
        check_placeholders(text, with_link=with_link)
    except UnknownPlaceholder as error:
        known = ", ".join(FIELDS)
        words = _("%(placeholder)s is no field. There are: %(known)s.")
        said = words % {"placeholder": error, "known": known}
        raise InvalidInput.of(name, said) from error
