"""Some claimed mails of a campaign, sent one after the other, and what is answered to them."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.delivering import KEPT_OF_ERROR, MOST_ATTEMPTS
from core.mail_answers import (
    Verdict,
    asked_to_wait,
    code_of,
    is_closing,
    is_too_fast,
    words_of,
)
from core.outbox import delay_after
from sales.mass_mail.claims import Hand
from sales.mass_mail.courier import Courier
from sales.mass_mail.letters import Mold
from sales.mass_mail.models import Campaign, CampaignRecipient
from sales.mass_mail.people import Person
from sales.mass_mail.suppressed import SuppressedAddress

log = logging.getLogger(__name__)

Status = CampaignRecipient.Status
BREAKS = 3  # broken connections in a row are a server in trouble
REFUSALS = 20  # in a row: it is the mail, or us, rather than those whom it goes to
A_MOMENT = timedelta(seconds=1)  # for a server that wants mails more slowly
LONGEST_PAUSE = timedelta(minutes=30)  # after a server in trouble
LONGEST_MOMENT = timedelta(seconds=5)


class ServerInTrouble(Exception):
    """The mail server does not take mails now, or fell silent in the middle of one.

    `wait` is how long it asked to be left alone, if it did.
    """

    def __init__(self, words: str, wait: timedelta | None = None) -> None:
        super().__init__(words)
        self.wait = wait


class RefusedInARow(ServerInTrouble):
    """So many mails in a row were refused for good that people should look before more are."""


class Round:
    """Some claimed mails, sent one after the other."""

    def __init__(self, campaign: Campaign, mold: Mold, courier: Courier, hand: Hand) -> None:
        self.campaign, self.mold, self.courier, self.hand = campaign, mold, courier, hand
        self.is_taking = False  # the server took the last mail
        self.broken: list[Person] = []  # at whom the connection broke, one after the other
        self.refusals = 0

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
            self.is_taking = False
        else:
            self.is_taking, self.broken, self.refusals = True, [], 0
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
        """Keep what went wrong with a mail: it waits, is given up, or nobody knows.

        :raises ServerInTrouble: others would fare no better now.
        """
        verdict, words = self.courier.verdict(error), words_of(error, KEPT_OF_ERROR)
        answer = {"answer": words, "answer_status": code_of(error)}
        if verdict is Verdict.UNCLEAR:
            self.hand.settle(person.id, Status.UNKNOWN, **answer)
            raise ServerInTrouble(words) from error
        if verdict is Verdict.TROUBLE:
            self._wait_its_turn(person, error, answer)
        elif verdict is Verdict.NEVER:
            self.hand.settle(person.id, Status.FAILED, **answer)
            self._count_refusal(words)
        else:
            self._put_off(person, error, answer)

    def _wait_its_turn(self, person: Person, error: Exception, answer: dict[str, Any]) -> None:
        """Count no attempt at a mail that was refused for no fault of its own.

        If that was not so after all, it has the others before it when the server is asked again.
        """
        wait = min(delay_after(self.campaign.troubles + 2), 2 * LONGEST_PAUSE)
        if self._is_short(error):
            wait = timedelta(0)
        answer |= {"attempts": person.attempts, "due_at": timezone.now() + wait}
        self.hand.settle(person.id, Status.QUEUED, **answer)
        self._slow_down(error, answer["answer"])

    def _put_off(self, person: Person, error: Exception, answer: dict[str, Any]) -> None:
        """Try a mail again later, not for ever."""
        attempts, has_broken = person.attempts + 1, answer["answer_status"] is None
        if attempts >= MOST_ATTEMPTS:
            self.hand.settle(person.id, Status.FAILED, **answer)
        else:
            # A connection that ended between two mails is no fault of the mail's: it is its turn.
            wait = timedelta(0) if has_broken and attempts == 1 else delay_after(attempts)
            self.hand.settle(person.id, Status.QUEUED, due_at=timezone.now() + wait, **answer)
        self.broken = [*self.broken, person] if has_broken else []
        if has_broken or is_closing(error):
            self.courier.hang_up()
        if len(self.broken) >= BREAKS:
            self.hand.forgive(self.broken)
            raise ServerInTrouble(answer["answer"]) from error
        if is_closing(error):  # whom it was about is not known
            self._slow_down(error, answer["answer"])

    def _slow_down(self, error: Exception, words: str) -> None:
        """Wait a moment for a server that only wants mails more slowly.

        :raises ServerInTrouble: that will not do.
        """
        self.courier.hang_up()
        if not self._is_short(error):
            raise ServerInTrouble(words, asked_to_wait(error)) from error
        time.sleep(_moment(error).total_seconds())

    def _is_short(self, error: Exception) -> bool:
        """Whether a moment's wait is enough: the server took the last mail, and is asked much."""
        return self.is_taking and is_too_fast(error) and _moment(error) <= LONGEST_MOMENT

    def _count_refusal(self, words: str) -> None:
        self.refusals += 1
        if self.refusals >= REFUSALS:
            raise RefusedInARow(words)

    def _word(self, reason: str) -> str:
        with override(self.campaign.tenant.language):
            if reason == "deleted":
                return _("The contact was deleted.")
            return _("The address gets no campaigns any more.")


def _moment(error: Exception) -> timedelta:
    asked = asked_to_wait(error)
    return A_MOMENT if asked is None else asked
