"""The page of an invitation: what it is about, and whether one comes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.pictures.addresses import picture_path
from core.errors import DomainError, NotFound
from core.tenancy import tenant_scope
from sales.events.answering import answer
from sales.events.models import Attendee, Event
from sales.guests.wording import time_text
from sales.invitations.links import PATH, find_link
from sales.invitations.models import EventMail
from sales.portal.pages import Links

Status = Attendee.Status
ANSWERS = (
    (Status.ACCEPTED, _("I come"), "good"),
    (Status.TENTATIVE, _("Perhaps"), "quiet"),
    (Status.DECLINED, _("I do not come"), "quiet"),
)
SAID = {
    Status.INVITED: _("You have not answered yet."),
    Status.ACCEPTED: _("You come."),
    Status.TENTATIVE: _("Perhaps you come."),
    Status.DECLINED: _("You do not come."),
}
REFUSALS = {
    "event_over": (_("The event is over"), _("Thank you for your interest.")),
    "event_cancelled": (
        _("The event is called off"),
        _("It does not take place. Ask whoever invited you if you did not expect that."),
    ),
    "taken_off": (
        _("You are not on the list any more"),
        _("Ask whoever invited you if you did not expect that."),
    ),
    "event_full": (
        _("Every seat is taken"),
        _("Nothing was noted. Seats become free when others say that they do not come."),
    ),
    "checked_in_already": (_("You are there already"), _("It was noted that you came.")),
}


class LinkEnded(DomainError):
    """The event is over, called off or deleted, or they are not on its list any more."""

    status = 410

    def __init__(self, code: str) -> None:
        super().__init__("The link does not work any more.")
        self.code = code


def open_link(token: str, *, at: datetime) -> EventMail:
    """Return the mail that a token came with; its `attendee` and `event` are read.

    :raises NotFound: there never was such a link.
    :raises LinkEnded: nobody can answer by it any more.
    """
    mail = find_link(token)
    if mail is None:
        raise NotFound("There is no such link.")
    with tenant_scope(mail.tenant_id):
        events = Event.all_objects.select_related("owner")
        mail.event = event = events.get(pk=mail.event_id)
        people = Attendee.objects.present().select_related("contact", "user")
        mail.attendee = people.filter(pk=mail.attendee_id or 0).first()
    if event.cancelled_at or event.deleted_at:
        raise LinkEnded("event_cancelled")
    if event.is_over(at):
        raise LinkEnded("event_over")
    if mail.attendee is None:
        raise LinkEnded("taken_off")
    return mail


INVITATIONS = Links(PATH, open_link, _("Look at the invitation"), REFUSALS)


def page_of(mail: EventMail) -> dict[str, Any]:
    """Return what the template of an invitation's page needs, in the language that is spoken."""
    event, attendee, tenant = mail.event, mail.attendee, mail.tenant
    status = attendee.status if attendee else Status.INVITED
    return {
        "tenant": tenant,
        "logo_url": picture_path(tenant.logo_id) if tenant.logo_id else "",
        "event": event,
        "name": mail.name,
        "when": time_text(event, tenant.zone),
        "status": status,
        "said": SAID[Status(status)],
        "answers": ANSWERS,
    }


def answer_by_link(mail: EventMail, status: str, *, at: datetime) -> None:
    """Note what whoever was invited answers.

    :raises InvalidInput, EventFull, CheckedInAlready, EventOver, EventCancelled: as `answer`.
    """
    ids = {"event_id": mail.event_id, "attendee_id": mail.attendee_id or 0}
    answer(**ids, status=status, by=None, at=at)
