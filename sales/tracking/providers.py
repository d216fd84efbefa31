"""What the mail provider tells of mails that it took: those that came back, and complaints."""

from __future__ import annotations

import re
from typing import Any

from anymail.signals import EventType, RejectReason
from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from core.audit import acting
from core.tenancy import tenant_scope
from sales.mass_mail import links
from sales.mass_mail.models import CampaignRecipient
from sales.tracking.bounces import is_soft
from sales.tracking.services import note_bounce, note_complaint, unsubscribe

FOR_GOOD = (RejectReason.INVALID, RejectReason.BOUNCED, RejectReason.UNSUBSCRIBED)
REFUSED_FOR_GOOD = re.compile(r"\b5(\d\d|\.\d+\.\d+)\b")
# Full, too large, or not now: by RFC 3463, whatever else is said.
NOT_FOR_GOOD = re.compile(r"(?<![\d.])(4\.\d{1,3}\.\d{1,3}|5\.2\.[23]|5\.3\.4)(?!\.?\d)")


@csrf_exempt
def told(request: Any, path: str) -> HttpResponse:
    """Hand what the provider tells to anymail, which knows whether it is the provider who does.

    Only the provider that we send by has a door.
    """
    if not settings.CRM_MAIL_PROVIDER or path.partition("/")[0] != settings.CRM_MAIL_PROVIDER:
        raise Http404
    try:
        match = resolve(f"/{path}", "sales.tracking.anymail_urls")
    except Resolver404 as error:
        raise Http404 from error
    answer: HttpResponse = match.func(request, *match.args, **match.kwargs)
    return answer


def note_event(sender: Any, event: Any, esp_name: str, **kwargs: Any) -> None:
    """Keep what became of a mail of a campaign; of other mails nothing is kept."""
    recipient = _recipient_of(event)
    if recipient is None:
        return
    why = f"{event.description or ''} {event.mta_response or ''}".strip().replace("\x00", "")[:500]
    at = timezone.now()
    with tenant_scope(recipient.tenant_id), acting(door=f"provider:{esp_name}"):
        if event.event_type == EventType.COMPLAINED:
            note_complaint(recipient, why=why, at=at)
        elif event.event_type == EventType.UNSUBSCRIBED:
            unsubscribe(recipient, at=at)
        elif _is_for_good(event, why):
            note_bounce(recipient, why=why, at=at)


def _is_for_good(event: Any, why: str) -> bool:
    """Whether a mail came back because its address is none, or wants none.

    What is refused as spam says something of the mail: its next reader is not to suffer for it.
    """
    if event.event_type not in (EventType.BOUNCED, EventType.REJECTED):
        return False
    if is_soft(event.esp_event) or NOT_FOR_GOOD.search(why):
        return False
    is_unclear = event.reject_reason in (None, RejectReason.OTHER)
    return event.reject_reason in FOR_GOOD or (is_unclear and bool(REFUSED_FOR_GOOD.search(why)))


def _recipient_of(event: Any) -> CampaignRecipient | None:
    """The recipient whom we signed for: in the metadata, or in the mail's own id."""
    kept = event.metadata if isinstance(event.metadata, dict) else {}
    given = str(kept.get("recipient") or "")
    told = str(event.message_id or "").strip("<>").rpartition("@")[0]
    for token in (given, told):
        numbers = links.read_token(links.MAIL, token)
        if numbers:
            return links.find_recipient(numbers[0])
    return None
