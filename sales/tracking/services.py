from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from core.errors import NotFound
from sales.mass_mail import links
from sales.mass_mail.letters import address_for, links_of
from sales.mass_mail.models import CampaignRecipient
from sales.mass_mail.people import read_people
from sales.mass_mail.suppressed import SuppressedAddress, suppress

Reason = SuppressedAddress.Reason
# The first time counts. Who clicks has read the mail, whether or not pictures are shown to them.
SEEN = """
    UPDATE sales_campaignrecipient SET opened_at = coalesce(opened_at, %s)
    WHERE id = %s AND opened_at IS NULL
"""
CLICKED = """
    UPDATE sales_campaignrecipient SET
        opened_at = coalesce(opened_at, %s), clicked_at = coalesce(clicked_at, %s)
    WHERE id = %s AND clicked_at IS NULL
"""


def open_link(purpose: str, token: str) -> tuple[CampaignRecipient, list[int]]:
    """Return to whom we gave a link, and what else was signed with it.

    :raises NotFound: we gave it to nobody, or whoever sent it is closed.
    """
    numbers = links.read_token(purpose, token)
    recipient = links.find_recipient(numbers[0]) if numbers else None
    if numbers is None or recipient is None:
        raise NotFound("There is no such link.")
    return recipient, numbers[1:]


def note_open(recipient: CampaignRecipient, *, at: datetime) -> None:
    """Remember when somebody first saw their mail."""
    with connection.cursor() as cursor:
        cursor.execute(SEEN, [at, recipient.pk])


def note_click(recipient: CampaignRecipient, *, at: datetime) -> None:
    """Remember when somebody first followed a link of their mail."""
    with connection.cursor() as cursor:
        cursor.execute(CLICKED, [at, at, recipient.pk])


def target_of(recipient: CampaignRecipient, number: int) -> str:
    """Return where a link of a mail leads.

    :raises NotFound: the campaign has no such link.
    """
    found = links_of(recipient.campaign)
    if not 0 <= number < len(found):
        raise NotFound("There is no such link.")
    (person,) = read_people([recipient.pk])
    return address_for(found[number], person, recipient.tenant.name)


@transaction.atomic
def unsubscribe(recipient: CampaignRecipient, *, at: datetime) -> None:
    """Mail no campaign to the address of a mail any more. Twice is as once."""
    mine = CampaignRecipient.objects.filter(pk=recipient.pk, unsubscribed_at=None)
    mine.update(unsubscribed_at=at)
    suppress(
        address=recipient.address, reason=Reason.UNSUBSCRIBED, campaign_id=recipient.campaign_id
    )


@transaction.atomic
def note_bounce(recipient: CampaignRecipient, *, why: str, at: datetime) -> None:
    """A mail came back for good: its address gets no campaigns any more."""
    mine = CampaignRecipient.objects.filter(pk=recipient.pk, bounced_at=None)
    mine.update(bounced_at=at, answer=why)
    _suppress(recipient, Reason.BOUNCED, why)


@transaction.atomic
def note_complaint(recipient: CampaignRecipient, *, why: str, at: datetime) -> None:
    """Somebody called a mail spam: their address gets no campaigns any more."""
    mine = CampaignRecipient.objects.filter(pk=recipient.pk, complained_at=None)
    mine.update(complained_at=at)
    _suppress(recipient, Reason.COMPLAINED, why)


def _suppress(recipient: CampaignRecipient, reason: str, why: str) -> None:
    suppress(address=recipient.address, reason=reason, note=why, campaign_id=recipient.campaign_id)
