"""Follow-ups of cards in the calendar."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.errors import NotAllowed, NotFound
from core.rights import ALL_PROSPECTS, CHANGE_PROSPECT
from crm_project.back_office.calendar.items import Item, state_of
from prospects.followups.counting import count_planned
from prospects.followups.models import FollowUpNote
from prospects.followups.results import log_result
from prospects.followups.scheduling import reschedule_note
from prospects.pipeline.models import Prospect
from prospects.pipeline.querysets import changes_all

VIEW = "prospects.view_followupnote"
CHANGE = ("prospects.change_followupnote", CHANGE_PROSPECT)
ADD = ("prospects.add_followupnote", CHANGE_PROSPECT)
MOMENT = "scheduled_at"
ICONS = {"call": "call", "whatsapp": "chat", "email": "mail", "meeting": "groups", "sms": "sms"}
CARD = ("company_name", "name", "email", "owner__name", "owner__email")


def rows(user: Any, of: int | None, since: Any, until: Any) -> Any:
    """The follow-ups that a user sees in some days, done ones too.

    :param of: of whose cards; None: of all that they see.
    """
    cards = Prospect.objects.all() if of == user.pk else Prospect.objects.visible_to(user)
    if of is not None:
        cards = cards.filter(owner_id=of)
    return FollowUpNote.objects.planned(since, until).filter(prospect__in=cards)


def count(user: Any, of: int | None, since: datetime, until: datetime) -> Any:
    """SQL that counts them where they may be very many; None: they are counted as found."""
    is_everything = of is None and user.has_perm(ALL_PROSPECTS)
    return count_planned(since, until) if is_everything else None


def read(ids: Collection[int], user: Any) -> list[Item]:
    """What is shown of some of them."""
    notes = FollowUpNote.objects.filter(pk__in=ids).select_related("prospect__owner")
    shown = ("action", "note", "scheduled_at", "done_at", *(f"prospect__{name}" for name in CARD))
    found = list(notes.only("tenant", *shown))
    changeable = _changeable({note.prospect_id for note in found}, user)
    return [_item(note, note.prospect_id in changeable) for note in found]


def move(pk: int, *, to: datetime, seen: datetime, by: Any, at: datetime) -> None:
    """Plan one for another moment.

    :raises DomainError: as reschedule_note; what is done is not moved.
    """
    if not by.has_perms(CHANGE):
        raise NotAllowed("You may not change follow-ups.")
    reschedule_note(
        note_id=pk,
        prospect_id=_card_of(pk),
        changes={"scheduled_at": to},
        at=at,
        seen_by=by,
        seen={"scheduled_at": seen, "done_at": None},
    )


def log(pk: int, *, given: dict[str, Any], seen: datetime, by: Any, at: datetime) -> None:
    """Settle one, with what came of it and what is next.

    :raises DomainError: as log_result; what is done is not done again.
    """
    if not by.has_perms((*CHANGE, *ADD)):
        raise NotAllowed("You may not change follow-ups.")
    is_next_unsaid = given["next_at"] is not None and not given["result"]
    log_result(
        note_id=pk,
        prospect_id=_card_of(pk),
        result=_("Next contact") if is_next_unsaid else given["result"],
        action=given["action"] or FollowUpNote.Action.OTHER,
        next_at=given["next_at"],
        by=by,
        at=at,
        seen_by=by,
        seen={"scheduled_at": seen, "done_at": None},
    )


def _card_of(pk: int) -> int:
    """The card of a note; whether they see it is asked when it is locked."""
    found = FollowUpNote.objects.filter(pk=pk).values_list("prospect_id", flat=True).first()
    if found is None:
        raise NotFound("There is no such follow-up.")
    return int(found)


def _changeable(ids: set[int], user: Any) -> Collection[int]:
    if not ids or not user.has_perms(CHANGE):
        return ()
    if changes_all(user):
        return ids
    cards = Prospect.objects.changeable_by(user).filter(pk__in=ids)
    return set(cards.values_list("pk", flat=True))


def _item(note: FollowUpNote, may_change: bool) -> Item:
    card: Any = note.prospect
    is_open = note.done_at is None
    planned: Any = note.scheduled_at
    return Item(
        kind="follow_up",
        pk=note.pk,
        at=planned,
        title=str(card),
        detail=note.note,
        owner=str(card.owner or ""),
        link=reverse("admin:prospects_prospect_change", args=(card.pk,)),
        icon=ICONS.get(note.action, "phone_callback"),
        type=note.get_action_display(),
        action=note.action,
        state=state_of(planned, is_done=not is_open),
        may_move=may_change and is_open,
        may_log=may_change and is_open,
    )
