from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.users.models import User
from core.errors import InvalidInput
from core.tasks import wake
from sales.mass_mail.finishing import tell_failed
from sales.mass_mail.freezing import freeze_recipients
from sales.mass_mail.models import Campaign, CampaignRecipient
from sales.mass_mail.states import CANCEL, PAUSE, RESUME, SCHEDULE, SEND, lock_campaign

Status = Campaign.Status
SEND_CAMPAIGN = "mass_mail.send_campaign"
LANES = 2  # workers that send one campaign at a time; others' work has its turn between


@transaction.atomic
def send_campaign(*, campaign_id: int, by: User, at: datetime) -> Campaign:
    """Begin to send a campaign: from now on what it says and to whom it goes is fixed.

    :raises NotFound: there is no such campaign.
    :raises WrongState: it was sent before, or called off.
    :raises InvalidInput: it has no subject, content or segment, or nobody would get it.
    """
    campaign = lock_campaign(campaign_id, SEND)
    require_complete(campaign)
    _start(campaign, at=at)
    return campaign


@transaction.atomic
def schedule_campaign(
    *, campaign_id: int, scheduled_at: datetime | None = None, by: User, at: datetime
) -> Campaign:
    """Have a campaign sent at some time to come; without one at that which it has.

    :raises NotFound: there is no such campaign.
    :raises WrongState: it was sent before, or called off.
    :raises InvalidInput: it has no subject, content or segment, or the time is none to come.
    """
    campaign = lock_campaign(campaign_id, SCHEDULE)
    campaign.scheduled_at = scheduled_at or campaign.scheduled_at
    require_complete(campaign)
    require_to_come(campaign, at=at)
    campaign.status = Status.SCHEDULED
    campaign.save()
    return campaign


@transaction.atomic
def pause_campaign(*, campaign_id: int, by: User, at: datetime) -> Campaign:
    """Stop sending a campaign until it is resumed; the mails in flight still leave.

    :raises NotFound: there is no such campaign.
    :raises WrongState: it is not being sent.
    """
    return _turned(lock_campaign(campaign_id, PAUSE), Status.PAUSED)


@transaction.atomic
def resume_campaign(*, campaign_id: int, by: User, at: datetime) -> Campaign:
    """Go on sending a campaign.

    :raises NotFound: there is no such campaign.
    :raises WrongState: it is not paused.
    """
    campaign = lock_campaign(campaign_id, RESUME)
    campaign.retry_at, campaign.troubles, campaign.problem = None, 0, ""
    _turned(campaign, Status.SENDING)
    _wake(campaign)
    return campaign


@transaction.atomic
def cancel_campaign(*, campaign_id: int, by: User, at: datetime) -> Campaign:
    """Call a campaign off: who has not got it yet never will.

    :raises NotFound: there is no such campaign.
    :raises WrongState: there is nothing to call off.
    """
    campaign = _turned(lock_campaign(campaign_id, CANCEL), Status.CANCELLED)
    queued = CampaignRecipient.objects.filter(campaign=campaign, status="queued")
    with override(campaign.tenant.language):
        queued.update(status="skipped", answer=_("The campaign was called off."))
    return campaign


@transaction.atomic
def start_scheduled(*, campaign_id: int, at: datetime) -> bool:
    """Begin to send a campaign whose time has come. Returns whether it was begun.

    What lacks something by then, because its segment was deleted, has failed.
    """
    due = Campaign.objects.due(at).select_for_update(of=("self",), skip_locked=True)
    campaign = due.select_related("segment", "tenant").filter(pk=campaign_id).first()
    if campaign is None:
        return False
    try:
        with override(campaign.tenant.language):
            require_complete(campaign)
            _start(campaign, at=at)
    except InvalidInput as refusal:
        campaign.status, campaign.problem = Status.FAILED, refusal.message
        campaign.save()
        tell_failed(campaign)
        return False
    return True


def require_complete(campaign: Campaign) -> None:
    """Refuse a campaign that cannot be sent.

    :raises InvalidInput: naming each field that is missing.
    """
    wanted = {
        "subject": campaign.subject,
        "content": campaign.content,
        "segment_id": campaign.segment_id,
    }
    missing = {name: [_("It is needed to send.")] for name, value in wanted.items() if not value}
    if missing:
        words = _("A subject, content and a segment are needed to send it.")
        raise InvalidInput(words, fields=missing)


def require_to_come(campaign: Campaign, *, at: datetime) -> None:
    """Refuse a campaign that is scheduled for no time, or for one that has passed.

    :raises InvalidInput: of the field.
    """
    if campaign.scheduled_at is None or campaign.scheduled_at <= at:
        raise InvalidInput.of("scheduled_at", _("A time to come is needed."))


def _start(campaign: Campaign, *, at: datetime) -> None:
    if not freeze_recipients(campaign, at=at):
        words = _("Nobody in the segment can be written to.")
        raise InvalidInput(words, fields={"segment_id": [words]})
    campaign.started_at = at
    _turned(campaign, Status.SENDING)
    _wake(campaign)


def _turned(campaign: Campaign, status: str) -> Campaign:
    campaign.status = status
    campaign.save()
    return campaign


def _wake(campaign: Campaign) -> None:
    for lane in range(LANES):
        wake(SEND_CAMPAIGN, tenant_id=campaign.tenant_id, campaign_id=campaign.pk, lane=lane)
