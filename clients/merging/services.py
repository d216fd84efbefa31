from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from accounts.users.models import User
from clients.companies.models import Company
from clients.companies.services import refuse_client
from clients.merging.models import CardMerge, MovedRows
from clients.merging.relations import hang_on, rows_to_move
from clients.merging.values import COLUMNS, PERSON, as_stored, is_in, person_of, taken_over
from core.errors import DomainError, InvalidInput, NotFound
from prospects.contacts.models import Contact
from prospects.followups.models import FollowUpNote
from prospects.pipeline.bulk import Values
from prospects.pipeline.deleting import WasMerged
from prospects.pipeline.locking import find_survivor
from prospects.pipeline.models import Prospect
from prospects.pipeline.people import refresh_people
from prospects.pipeline.services import acting_author, change_locked, lock_prospect

PEOPLE, COMPANY = "prospects.Contact.prospect", "clients.Company.prospect"


class TwoCompanies(DomainError):
    """Both cards have a company."""

    code = "two_companies"


class Primaries(NamedTuple):
    """Whose primary contact went to the survivor as its own, and who is none any longer."""

    promoted: int | None
    demoted: int | None


@dataclass(frozen=True)
class Plan:
    """What a merge does: the survivor's new values, and what moves, by relation."""

    source: Prospect
    target: Prospect
    before: Values  # the survivor's
    changes: Values
    moves: dict[str, list[int]]
    people: Primaries


@transaction.atomic
def merge_prospects(
    *,
    prospect_id: int,
    from_id: int,
    fields: Mapping[str, str],
    by: User,
    at: datetime,
    seen_by: User | None = None,
) -> tuple[CardMerge, Plan]:
    """Merge one card into another: all that hangs on it moves, and it is deleted.

    A ledger is kept by which it can be undone (undoing.unmerge). Returns it with what was done.

    :param prospect_id: the card that stays.
    :param from_id: the card that goes; its company, if it has one, goes with it.
    :param fields: whose value survives, as for values.taken_over.
    :raises NotFound: there is no such live card, or `seen_by` may not see it.
    :raises NotAllowed: `seen_by` may only look at one of them.
    :raises InvalidInput: it is the same card twice.
    :raises WasMerged: one of them went into another card already.
    :raises TwoCompanies: both have one.
    """
    source, target = _lock_pair(prospect_id, from_id, seen_by)
    plan = _plan(source, target, fields)
    return merge_cards(plan, by=by, at=at), plan


@transaction.atomic
def plan_merge(
    *, prospect_id: int, from_id: int, fields: Mapping[str, str], seen_by: User | None = None
) -> Plan:
    """Return what merge_prospects would do, and write nothing. It raises the same."""
    return _plan(*_lock_pair(prospect_id, from_id, seen_by), fields)


@transaction.atomic
def merge_into_company(
    *, prospect_id: int, company_id: int, at: datetime, seen_by: User | None = None
) -> Company:
    """Merge a prospect into the card of a company: it turned out to be the same client.

    All that hangs on it moves, what the company's card lacks is filled from it, and it is deleted
    with a mark of where it went. The card of the company keeps its category and its person.

    :param seen_by: who does it; None when it is certain that they may.
    :raises NotFound: there is no such live card or company, or they may not see it.
    :raises NotAllowed: they may only look at one of them.
    :raises IsClientAlready: the prospect has a company of its own.
    """
    card_id = Company.objects.filter(pk=company_id).values_list("prospect", flat=True).first()
    if card_id is None:
        raise NotFound("There is no such client.")
    ids = sorted({prospect_id, card_id})  # in one order: two merges may cross
    cards = {pk: lock_prospect(pk, columns=COLUMNS, seen_by=seen_by) for pk in ids}
    refuse_client(cards[prospect_id])
    merge_cards(_plan(cards[prospect_id], cards[card_id], {}), by=seen_by, at=at)
    return Company.objects.get(pk=company_id)


def lock_merging(prospect_id: int, *, seen_by: User | None) -> Prospect:
    """Lock a card, as lock_prospect does.

    :raises WasMerged: it went into another card, which `seen_by` may see.
    """
    try:
        return lock_prospect(prospect_id, columns=COLUMNS, seen_by=seen_by)
    except NotFound:
        into = find_survivor(prospect_id, seen_by=seen_by)
        if into is None:
            raise
        raise WasMerged(f"Prospect {prospect_id} was merged into prospect {into}.") from None


def _lock_pair(target_id: int, source_id: int, seen_by: User | None) -> tuple[Prospect, Prospect]:
    """Return the card that goes and the one that stays, locked in one order: merges may cross."""
    ids = sorted({source_id, target_id})
    cards = {pk: lock_merging(pk, seen_by=seen_by) for pk in ids}
    if len(cards) == 1:
        raise InvalidInput.of("from_id", "A prospect cannot be merged with itself.")
    if Company.all_objects.filter(prospect__in=ids).count() == len(ids):
        raise TwoCompanies("Both prospects have a company: two clients cannot be merged.")
    return cards[source_id], cards[target_id]


def _plan(source: Prospect, target: Prospect, fields: Mapping[str, str]) -> Plan:
    changes = taken_over(source, target, fields)
    moves = rows_to_move(source=source.pk, target=target.pk)
    if target.type == Prospect.Type.CLIENT and changes.get("type") == Prospect.Type.PROSPECT:
        del changes["type"]  # a client stays one, whatever was chosen
    becomes_client = COMPANY in moves and source.type == Prospect.Type.CLIENT
    if becomes_client and target.type == Prospect.Type.PROSPECT:
        changes["type"] = source.type
    before = {name: getattr(target, name) for name in COLUMNS}
    return Plan(source, target, before, changes, moves, _primaries(source, target, changes))


def _primaries(source: Prospect, target: Prospect, changes: Values) -> Primaries:
    """Of two people, the one of whom all that is known was chosen stays the primary contact."""
    known = Contact.objects.filter(is_primary=True, prospect__in=(source.pk, target.pk))
    primary = {person.prospect_id: person.pk for person in known}
    theirs, ours = primary.get(source.pk), primary.get(target.pk)
    if not theirs or not ours:
        return Primaries(promoted=theirs, demoted=None)
    after = person_of(target, changes)
    if is_in(person_of(source), after) and not is_in(person_of(target), after):
        return Primaries(promoted=theirs, demoted=ours)
    return Primaries(promoted=None, demoted=theirs)


def merge_cards(plan: Plan, *, by: User | None, at: datetime) -> CardMerge:
    """Merge one locked card into another: it is deleted, nothing that hung on it is lost."""
    source, target = plan.source, plan.target
    source.deleted_at, source.merged_into = at, target
    source.save(update_fields=["deleted_at", "merged_into"])  # frees its email and phone
    if plan.people.demoted:
        Contact.objects.filter(pk=plan.people.demoted).update(is_primary=False)
    for label, ids in plan.moves.items():
        hang_on(label, ids, target.pk)
    planned = {"next_contact_at": FollowUpNote.objects.unsettled(target.pk).earliest_plan()}
    change_locked(target, {**plan.changes, **planned}, at=at)
    refresh_people([target.pk])
    return _write_ledger(plan, by=by, at=at)


def _write_ledger(plan: Plan, *, by: User | None, at: datetime) -> CardMerge:
    before = plan.before
    after = {name: getattr(plan.target, name) for name in before}
    told = {name for name in before if before[name] != after[name]} - {"next_contact_at"}
    if plan.people.promoted:
        told.update(PERSON)  # they go back as one
    if COMPANY in plan.moves:
        told.add("type")
    merge = CardMerge.objects.create(
        survivor=plan.target,
        merged=plan.source,
        by=acting_author(by),
        created_at=at,
        values={name: [as_stored(before[name]), as_stored(after[name])] for name in sorted(told)},
        promoted_contact_id=plan.people.promoted,
        demoted_contact_id=plan.people.demoted,
    )
    MovedRows.objects.bulk_create(
        MovedRows(merge=merge, relation=label, row_ids=ids) for label, ids in plan.moves.items()
    )
    return merge
