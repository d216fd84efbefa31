"""A worker sends mails of a campaign for a while."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.mail_answers import Verdict, code_of, words_of
from core.outbox import delay_after
from sales.mass_mail.claims import Hand, claim, give_up_lost, in_a_hurry
from sales.mass_mail.courier import Courier
from sales.mass_mail.finishing import finish_if_done
from sales.mass_mail.letters import Mold, mold_of
from sales.mass_mail.models import Campaign, CampaignRecipient
from sales.mass_mail.pacing import take_turns
from sales.mass_mail.people import Person, read_people
from sales.mass_mail.suppressed import SuppressedAddress

log = logging.getLogger(__name__)

Status = CampaignRecipient.Status
AT_ONCE = 200  # claimed
MOST_ATTEMPTS = 12  # over twenty hours
KEPT_OF_ERROR = 500  # characters
LONGEST_PAUSE = timedelta(minutes=30)  # after a server in trouble
WORTH_WAITING = timedelta(seconds=5)  # for the next minute of a tenant's pace
BREAKS = 3  # broken connections in a row are a server in trouble


class ServerInTrouble(Exception):
    """The mail server does not take mails now, or fell silent in the middle of one."""


def send_for_a_while(*, campaign_id: int, until: datetime) -> bool:
    """Send mails of a campaign until some moment. Returns whether there are more to send now."""
    _give_up(campaign_id)
    mold: Mold | None = None
    with Courier() as courier:
        while timezone.now() < until:
            campaign = _sendable(campaign_id)
            if campaign is None:
                return False
            hand = claim(campaign, most=AT_ONCE, at=timezone.now())
            if not hand.ids:
                finish_if_done(campaign, at=timezone.now())
                return False
            try:
                mold = mold or mold_of(campaign)
                ids = _paced(campaign, hand)
                if not ids:
                    return False
                with in_a_hurry():
                    Round(campaign, mold, courier, hand).send(read_people(ids))
            except ServerInTrouble as trouble:
                _pause(campaign, trouble)
                return False
            finally:
                hand.note_sent()
                hand.let_go()
            _end_trouble(campaign)
    return True


class Round:
    """Some claimed mails, sent one after the other."""

    def __init__(self, campaign: Campaign, mold: Mold, courier: Courier, hand: Hand) -> None:
        self.campaign, self.mold, self.courier, self.hand = campaign, mold, courier, hand
        self.breaks = 0

    def send(self, people: list[Person]) -> None:
        """Send each their mail, until the campaign is stopped.

        :raises ServerInTrouble: the rest waits.
        """
        for person in people:
            if person.is_gone:
                self.hand.skip(person.id, self._word("deleted"))
            elif not self._send(person):
                return

    def _send(self, person: Person) -> bool:
        """Send one mail; tell whether the campaign goes on."""
        self._get_ready()
        if not self.hand.begin(person.id):
            return self._goes_on_without(person)
        try:
            letter = self.mold.letter_to(person)
        except Exception as error:  # a fault of ours, or no address: it would be so again
            log.exception("mail %s of a campaign cannot be written", person.id)
            self.hand.settle(person.id, Status.FAILED, answer=words_of(error, KEPT_OF_ERROR))
            return True
        try:
            self.courier.hand_over(letter)
        except Exception as error:
            self._judge(person, error)
        else:
            self.breaks = 0
            self.hand.was_sent(person.id)
        return True

    def _get_ready(self) -> None:
        try:
            self.courier.get_ready()
        except Exception as error:
            raise ServerInTrouble(words_of(error, KEPT_OF_ERROR)) from error

    def _goes_on_without(self, person: Person) -> bool:
        gone = SuppressedAddress.objects.filter(address=person.email, ended_at=None)
        if gone.exists():
            self.hand.skip(person.id, self._word("suppressed"))
        return bool(Campaign.objects.filter(pk=self.campaign.pk, status="sending").exists())

    def _judge(self, person: Person, error: Exception) -> None:
        """Keep what went wrong with a mail: it waits, is given up, or nobody knows."""
        verdict, words = self.courier.verdict(error), words_of(error, KEPT_OF_ERROR)
        answer = {"answer": words, "answer_status": code_of(error)}
        has_broken = answer["answer_status"] is None and verdict is not Verdict.NEVER
        if has_broken:
            self.courier.hang_up()
        if verdict is Verdict.UNCLEAR:
            self.hand.settle(person.id, Status.UNKNOWN, **answer)
            raise ServerInTrouble(words) from error
        attempts = person.attempts + 1
        is_over = attempts >= MOST_ATTEMPTS and not has_broken
        if verdict is Verdict.NEVER or is_over:
            self.hand.settle(person.id, Status.FAILED, **answer)
            return
        # A connection that ended between two mails is no fault of the mail's: it is its turn again.
        wait = timedelta(0) if has_broken and attempts == 1 else delay_after(attempts)
        self.hand.settle(person.id, Status.QUEUED, due_at=timezone.now() + wait, **answer)
        self.breaks = self.breaks + 1 if has_broken else 0
        if self.breaks >= BREAKS:
            raise ServerInTrouble(words) from error

    def _word(self, reason: str) -> str:
        with override(self.campaign.tenant.language):
            if reason == "deleted":
                return _("The contact was deleted.")
            return _("The address gets no campaigns any more.")


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
    found: Campaign | None = rows.filter(pk=campaign_id).first()
    return found


def _paced(campaign: Campaign, hand: Hand) -> list[int]:
    """Return those of the claimed mails that may leave in this minute."""
    limit = campaign.tenant.campaign_mails_per_minute
    granted, wait = take_turns(len(hand.ids), limit=limit, at=timezone.now())
    if not granted and wait <= WORTH_WAITING:
        time.sleep(wait.total_seconds())
        granted, wait = take_turns(len(hand.ids), limit=limit, at=timezone.now())
    return sorted(hand.ids)[:granted]


def _pause(campaign: Campaign, trouble: ServerInTrouble) -> None:
    """Leave a server in trouble alone for a while, each time longer."""
    troubles = campaign.troubles + 1
    values = {
        "retry_at": timezone.now() + min(delay_after(troubles), LONGEST_PAUSE),
        "troubles": min(troubles, 100),
        "problem": str(trouble),
    }
    Campaign.objects.filter(pk=campaign.pk).update(**values)


def _end_trouble(campaign: Campaign) -> None:
    if campaign.troubles:
        values = {"retry_at": None, "troubles": 0, "problem": ""}
        Campaign.objects.filter(pk=campaign.pk).update(**values)
