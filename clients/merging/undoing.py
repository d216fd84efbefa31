"""A merge taken back from its ledger: the rows, the values that nobody has changed since, the card.

What people did since stays theirs: a row that somebody hung elsewhere stays there, a value that was
changed stays. Only what was deleted since cannot be brought back by anybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from accounts.users.models import User
from clients.merging.models import CardMerge
from clients.merging.relations import RULES, hang_on, key_of
from clients.merging.services import COMPANY, PEOPLE, lock_merging
from clients.merging.values import PERSON, as_column, names_of
from core.errors import DomainError, NotFound
from prospects.contacts.models import Contact
from prospects.followups.models import FollowUpNote
from prospects.pipeline.bulk import Values
from prospects.pipeline.models import Prospect
from prospects.pipeline.people import refresh_people
from prospects.pipeline.services import KEYS, acting_author, duplicate_of


class NothingToUndo(DomainError):
    """The card has no merge, or it was undone already."""

    code = "nothing_to_undo"


class MovedSince(DomainError):
    """What moved with the card is not as it was left, so that it cannot go back."""

    code = "moved_since"


@dataclass
class Unmerged:
    """What undoing a merge did, and what it left as people had changed it since."""

    merge: CardMerge
    moved: dict[str, int] = field(default_factory=dict)  # by relation
    kept_rows: dict[str, int] = field(default_factory=dict)  # that hang elsewhere by now
    kept_fields: list[str] = field(default_factory=list)


@transaction.atomic
def unmerge(
    *,
    prospect_id: int,
    by: User,
    at: datetime,
    merge_id: int | None = None,
    seen_by: User | None = None,
) -> Unmerged:
    """Take back a merge into a card.

    :param prospect_id: the card that stayed.
    :param merge_id: which merge; None is the latest that stands.
    :param seen_by: who does it; None when it is certain that they may.
    :raises NotFound: there is no such live card or merge, or they may not see it.
    :raises NotAllowed: they may only look at it.
    :raises WasMerged: it went into another card itself: that merge is to be undone before.
    :raises NothingToUndo: the merge was undone already, or there is none.
    :raises MovedSince: something that moved was deleted since, or is the card's primary contact.
    :raises DuplicateProspect: another card has got an email, phone or external id meanwhile.
    """
    survivor = lock_merging(prospect_id, seen_by=seen_by)
    merge = _standing_merge(prospect_id, merge_id)
    gone = Prospect.all_objects.select_for_update().filter(pk=merge.merged_id)
    merged: Prospect = gone.get(merged_into=survivor, deleted_at__isnull=False)
    _refuse_moved_since(merge, survivor)
    done = Unmerged(merge)
    _move_back(merge, done)
    restored, returned = _values_of_both(merge, survivor, done)
    _write(survivor, restored)
    _write(merged, {"deleted_at": None, "merged_into_id": None, **returned})
    _settle_people(survivor, merge)
    refresh_people([survivor.pk, merged.pk])
    _plan_contacts(survivor.pk, merged.pk)
    merge.undone_at, merge.undone_by = at, acting_author(by)
    merge.save(update_fields=["undone_at", "undone_by"])
    return done


def _standing_merge(prospect_id: int, merge_id: int | None) -> CardMerge:
    merges = CardMerge.objects.filter(survivor_id=prospect_id)
    if merge_id is not None:
        merges = merges.filter(pk=merge_id)
        if not merges.exists():
            raise NotFound("There is no such merge into this prospect.")
    standing: CardMerge | None = merges.filter(undone_at__isnull=True).order_by("-pk").first()
    if standing is None:
        raise NothingToUndo("There is no merge to undo: it was undone already, or there is none.")
    return standing


def _refuse_moved_since(merge: CardMerge, survivor: Prospect) -> None:
    gone = [f"{name} ({count})" for name, count in _deleted_since(merge)]
    if gone:
        raise MovedSince(f"Deleted since the merge: {', '.join(gone)}. It cannot be undone.")
    people = merge.moved.filter(relation=PEOPLE).values_list("row_ids", flat=True).first() or []
    others = set(people) - {merge.promoted_contact_id}
    primary = Contact.objects.filter(prospect=survivor, is_primary=True, pk__in=others)
    if primary.exists():
        raise MovedSince(
            "A person who came with the merge is the primary contact by now: choose another first."
        )


def _deleted_since(merge: CardMerge) -> Iterator[tuple[str, int]]:
    """Yield how many moved rows of which relation exist no longer."""
    for moved in merge.moved.order_by("relation"):
        model = key_of(moved.relation).model
        left = model._base_manager.filter(pk__in=moved.row_ids)
        if model is not Prospect and hasattr(model, "deleted_at"):
            left = left.exclude(deleted_at__gt=merge.created_at)
        if missing := len(moved.row_ids) - left.count():
            yield RULES[moved.relation].name, missing


def _move_back(merge: CardMerge, done: Unmerged) -> None:
    """Hang what still hangs on the survivor on the card that it came with."""
    for moved in merge.moved.order_by("relation"):
        key, name = key_of(moved.relation), RULES[moved.relation].name
        here = {key.attname: merge.survivor_id, "pk__in": moved.row_ids}
        ids = list(key.model._base_manager.filter(**here).values_list("pk", flat=True))
        hang_on(moved.relation, ids, merge.merged_id)
        done.moved[name] = len(ids)
        if len(ids) < len(moved.row_ids):
            done.kept_rows[name] = len(moved.row_ids) - len(ids)


def _values_of_both(merge: CardMerge, survivor: Prospect, done: Unmerged) -> tuple[Values, Values]:
    """Return what the survivor gets back, and what the other card takes along.

    A person who goes back takes along what was edited of them; a company, that it is a client's.
    """
    restored, returned, kept = {}, {}, []
    follows = {*(PERSON if merge.promoted_contact_id else ())}
    if COMPANY in merge.moved.values_list("relation", flat=True):
        follows.add("type")
    for column, stored in merge.values.items():
        old, new = (as_column(column, value) for value in stored)
        is_as_left = getattr(survivor, column) == new
        if is_as_left or column in follows:
            restored[column] = old
        else:
            kept.append(column)
        if not is_as_left and column in follows:
            returned[column] = getattr(survivor, column)
    if "category_id" in kept:
        restored.pop("category_changed_at", None)
    done.kept_fields = names_of(kept)
    return restored, returned


def _write(card: Prospect, values: Values) -> None:
    if not values:
        return
    try:
        with transaction.atomic():
            Prospect.all_objects.filter(pk=card.pk).update(**values)
    except IntegrityError as error:
        if type(error.__cause__).__name__ != "UniqueViolation":
            raise
        taken = {name: values.get(name, getattr(card, name)) for name in KEYS}
        raise duplicate_of(taken, card) from error


def _settle_people(survivor: Prospect, merge: CardMerge) -> None:
    """Make them primary again who were; a card with people is not left without one."""
    if merge.demoted_contact_id:
        both = (merge.survivor_id, merge.merged_id)
        demoted = Contact.objects.filter(pk=merge.demoted_contact_id, prospect__in=both)
        has_other = Contact.objects.filter(
            is_primary=True, prospect__in=demoted.values("prospect")
        ).exists()
        if not has_other:
            demoted.update(is_primary=True)
    people = Contact.objects.filter(prospect=survivor)
    if people.filter(is_primary=True).exists():
        return
    first: Any = people.order_by("pk").first()
    person = Prospect.objects.values(*PERSON).get(pk=survivor.pk)
    if first is None or any(person.values()):
        return
    Contact.objects.filter(pk=first.pk).update(is_primary=True)
    person = {"email": first.email, "phone_code": first.phone_code, "phone": first.phone}
    _write(survivor, {"name": first.name[:255], **person})


def _plan_contacts(*prospect_ids: int) -> None:
    """Write anew when each card is to be contacted next: follow-ups may have been settled."""
    for pk in prospect_ids:
        planned = FollowUpNote.objects.unsettled(pk).earliest_plan()
        Prospect.objects.filter(pk=pk).update(next_contact_at=planned)
