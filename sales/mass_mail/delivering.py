"""A worker sends mails of a campaign for a while."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from core.outbox import delay_after
from sales.mass_mail.claims import Hand, claim, give_up_lost, in_a_hurry
from sales.mass_mail.courier import Courier
from sales.mass_mail.finishing import finish_if_done, pause_for_people
from sales.mass_mail.letters import mold_of
from sales.mass_mail.models import Campaign
from sales.mass_mail.pacing import take_turns
from sales.mass_mail.people import read_people
from sales.mass_mail.rounds import LONGEST_PAUSE, RefusedInARow, Round, ServerInTrouble

AT_ONCE = 200  # claimed
MOST_TROUBLES = 100  # without one mail taken between them: two days
WORTH_WAITING = timedelta(seconds=5)  # for the next minute of a tenant's pace


def send_for_a_while(*, campaign_id: int, until: datetime) -> bool:
    """Send mails of a campaign until some moment. Returns whether there are more to send now."""
    _give_up(campaign_id)
    with Courier() as courier:
        while timezone.now() < until:
            campaign = _sendable(campaign_id)
            if campaign is None or not _send_some(campaign, courier):
                return False
    return True


def _send_some(campaign: Campaign, courier: Courier) -> bool:
    """Send mails of a campaign that are due; tell whether there may be more to send now."""
    hand = claim(campaign, most=AT_ONCE, at=timezone.now())
    if not hand.ids:
        finish_if_done(campaign, at=timezone.now())
        return False
    try:
        ids = _paced(campaign, hand)
        if not ids:
            return False
        with in_a_hurry():
            Round(campaign, mold_of(campaign), courier, hand).send(read_people(ids))
    except ServerInTrouble as trouble:
        _leave_alone(campaign, trouble)
        return False
    finally:
        hand.note_sent()
        hand.let_go()
    _end_trouble(campaign)
    return True


@contextmanager
def a_lane(campaign_id: int, lane: int) -> Iterator[bool]:
    """Take one of the places in which workers send a campaign; tell whether it was free.

    It is held by the connection: a worker that dies leaves it.
    """
    keys = [campaign_id % 2**31, lane]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", keys)
        (is_mine,) = cursor.fetchone()
    try:
        yield is_mine
    finally:
        if is_mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", keys)


def _give_up(campaign_id: int) -> None:
    campaign = Campaign.objects.select_related("tenant").filter(pk=campaign_id).first()
    if campaign is not None:
        give_up_lost(campaign, at=timezone.now())


def _sendable(campaign_id: int) -> Campaign | None:
    rows = Campaign.objects.sendable(timezone.now()).select_related("tenant", "created_by")
    found: Campaign | None = rows.filter(pk=campaign_id, tenant__is_active=True).first()
    return found


def _paced(campaign: Campaign, hand: Hand) -> list[int]:
    """Return those of the claimed mails that may leave in this minute."""
    limit = campaign.tenant.campaign_mails_per_minute
    granted, wait = take_turns(len(hand.ids), limit=limit, at=timezone.now())
    if not granted and wait <= WORTH_WAITING:
        time.sleep(wait.total_seconds())
        granted, wait = take_turns(len(hand.ids), limit=limit, at=timezone.now())
    return sorted(hand.ids)[:granted]


def _leave_alone(campaign: Campaign, trouble: ServerInTrouble) -> None:
    """Leave a server in trouble alone for a while, each time longer; in the end, for people."""
    troubles = campaign.troubles + 1
    if isinstance(trouble, RefusedInARow) or troubles >= MOST_TROUBLES:
        pause_for_people(campaign, str(trouble), at=timezone.now())
        return
    wait = trouble.wait or min(delay_after(troubles), LONGEST_PAUSE)
    values = {
        "retry_at": timezone.now() + wait,
        "troubles": troubles,
        "problem": str(trouble),
    }
    Campaign.objects.filter(pk=campaign.pk, status="sending").update(**values)


def _end_trouble(campaign: Campaign) -> None:
    if campaign.troubles:
        values = {"retry_at": None, "troubles": 0, "problem": ""}
        # Of one that another worker has left to people the problem stays.
        Campaign.objects.filter(pk=campaign.pk, status="sending").update(**values)
