"""A campaign comes to its end: its creator and the tenant's own systems are told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from accounts.notifications.services import Notice, notify_users
from accounts.webhooks.outbox import emit
from sales.mass_mail.counting import stats_of
from sales.mass_mail.models import WAITING, Campaign

Status = Campaign.Status
CAMPAIGN_SENT, CAMPAIGN_FAILED = "campaign_sent", "campaign_failed"
CAMPAIGN_PAUSED = "campaign_paused"
EVENTS = {"campaign.sent": _("Campaign sent")}


@transaction.atomic
def finish_if_done(campaign: Campaign, *, at: datetime) -> bool:
    """End a campaign of which no mail waits any more; tell whether it was so.

    It has failed if mails were refused and not one was sent; not if nobody wanted one any more.
    """
    rows = Campaign.objects.select_for_update(of=("self",))
    locked = rows.filter(pk=campaign.pk, status=Status.SENDING).first()
    if locked is None or locked.recipients.filter(status__in=WAITING).exists():
        return False
    stats = stats_of([locked.pk])[locked.pk]
    has_failed = bool(stats["failed"]) and not stats["sent"] and not stats["unknown"]
    locked.status = Status.FAILED if has_failed else Status.SENT
    locked.sent_at, locked.retry_at, locked.troubles, locked.problem = at, None, 0, ""
    if has_failed:
        with override(campaign.tenant.language):
            locked.problem = str(_("Not one of its mails was taken."))
    locked.save()
    if has_failed:
        tell_failed(locked)
    else:
        _tell_sent(locked, stats)
    return True


@transaction.atomic
def pause_for_people(campaign: Campaign, problem: str, *, at: datetime) -> None:
    """Stop sending until somebody has looked at the problem, and resumes; its creator is told."""
    sending = Campaign.objects.filter(pk=campaign.pk, status=Status.SENDING)
    if sending.update(status=Status.PAUSED, problem=problem):
        title = _("A campaign was paused: its mails are refused")
        _tell(campaign, CAMPAIGN_PAUSED, title, problem, once=f"{campaign.pk}:{at.isoformat()}")


def tell_failed(campaign: Campaign) -> None:
    """Tell who created a campaign that it failed, and why."""
    _tell(campaign, CAMPAIGN_FAILED, _("A campaign failed"), campaign.problem)


def _tell_sent(campaign: Campaign, stats: dict[str, int]) -> None:
    words = _("{sent} of {recipients} mails were sent.")
    _tell(campaign, CAMPAIGN_SENT, _("A campaign was sent"), format_lazy(words, **stats))
    emit({"campaign.sent": lambda: [_data(campaign, stats)]})


def _data(campaign: Campaign, stats: dict[str, int]) -> dict[str, Any]:
    return {
        "id": campaign.pk,
        "name": campaign.name,
        "subject": campaign.subject,
        "status": campaign.status,
        "segment_id": campaign.segment_id,
        "started_at": campaign.started_at,
        "sent_at": campaign.sent_at,
        "stats": stats,
    }


def _tell(campaign: Campaign, kind: str, title: Any, body: Any, *, once: str = "") -> None:
    if campaign.created_by_id is None:
        return
    notice = Notice(
        user_id=campaign.created_by_id,
        type=kind,
        key=f"{kind}:{once or campaign.pk}",
        title=title,
        body=format_lazy("{}: {}", campaign.name, body),
        url=f"/campaigns/{campaign.pk}",
    )
    notify_users([notice])
