from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.tenants.currency import own_currency
from accounts.users.models import User
from core.errors import NotFound
from core.search_text import search_text
from prospects.pipeline.moves import ElsewhereNow
from prospects.pipeline.services import acting_author
from sales.deals.announcing import CREATED, UPDATED, tell_written
from sales.deals.closing import score_people, win_people
from sales.deals.locking import lock_deal, lock_for_move, lock_stage
from sales.deals.models import Deal
from sales.deals.people import set_people
from sales.deals.ranking import TOP, rank_at
from sales.deals.stages import change_outcome, enter_stage, follow_outcome, note_stay
from sales.deals.telling import tell_assigned
from sales.pipelines.models import Stage

Values = Mapping[str, Any]
# What is written as it is; `probability`, `lost_reason` and `closed_at` depend on the stage.
PLAIN = ("name", "amount", "currency", "expected_close_date", "owner_id")


@transaction.atomic
def create_deal(
    *,
    values: Values,
    stage_id: int,
    by: User,
    at: datetime,
    pipeline_id: int | None = None,
    contact_ids: Collection[int] = (),
) -> Deal:
    """Create a deal on top of a stage. An owner who is somebody else is told.

    Without an owner it is the creator's, without a currency in the tenant's.

    :param values: normalised columns; of a deal that is closed already, how and when.
    :param pipeline_id: of which the stage must be; None takes the stage's.
    :raises InvalidInput: no such stage or contact, a stage of another pipeline, or an outcome
        that the stage does not have.
    """
    stage = lock_stage(stage_id, pipeline_id)
    author = acting_author(by)
    deal = Deal(created_by=author, owner=author, created_at=at)
    _write(deal, stage, {"currency": own_currency(), **values}, by=by, at=at, position=TOP)
    set_people(deal, contact_ids, by=by, at=at)
    note_stay(deal, by=by, at=at)
    _tell(deal, event=CREATED, before="", owner_before=by.pk, at=at)
    return deal


@transaction.atomic
def edit_deal(
    *,
    deal_id: int,
    values: Values,
    by: User,
    at: datetime,
    stage_id: int | None = None,
    pipeline_id: int | None = None,
    position: int | None = None,
    below_id: int | None = None,
    known_stage_id: int | None = None,
    contact_ids: Collection[int] | None = None,
) -> Deal:
    """Change columns of a deal, its people, and where it stands. What is not named stays.

    Another stage sets its probability, and whether and when it was won or lost; who has to do with
    a deal that is won now becomes a customer. A new owner is told, and whoever the outcome matters
    to.

    :param values: normalised columns.
    :param pipeline_id: of which the stage must be; None stands for the deal's own.
    :param position: how many of the stage's deals that `by` sees are to stand above it; None:
        on top of another stage, where it is in its own.
    :param below_id: the deal right below which it is to stand, instead of a position; if that one
        is not in the stage any more: on top.
    :param known_stage_id: where `by` saw it; None: it does not matter.
    :raises NotFound: there is no such deal, or `by` may not see it.
    :raises NotAllowed: they may only look at it.
    :raises ElsewhereNow: it is neither in `known_stage_id` nor in `stage_id` by now.
    :raises InvalidInput: as create_deal.
    """
    deal, stage = lock_for_move(deal_id, stage_id=stage_id, pipeline_id=pipeline_id, by=by)
    if known_stage_id not in (None, deal.stage_id) and deal.stage_id != stage.pk:
        raise ElsewhereNow("Somebody moved this deal to another stage meanwhile.")
    status, owner_id, entered = deal.status, deal.owner_id, deal.stage_id != stage.pk
    place = TOP if entered and position is None else position
    _write(deal, stage, values, by=by, at=at, position=place, below_id=below_id)
    if contact_ids is not None:
        set_people(deal, contact_ids, by=by, at=at)
    if entered:
        note_stay(deal, by=by, at=at)
    if contact_ids is not None and status == deal.status == Deal.Status.WON:
        win_people(deal, at=at)
    _tell(deal, event=UPDATED, before=status, owner_before=owner_id, at=at)
    return deal


def _tell(deal: Deal, *, event: Any, before: str, owner_before: int | None, at: datetime) -> None:
    """Let all know what was written of a deal: its owner, whom its outcome and score concern, the
    tenant's own systems.

    :param before: its status until now; "" for a new one.
    :param owner_before: who need not be told that it is theirs.
    """
    if deal.owner_id not in (None, owner_before):
        tell_assigned(deal, at=at)
    follow_outcome(deal, before=before, at=at)
    score_people(deal.pk, at=at)
    tell_written(deal, event=event, before=before)


@transaction.atomic
def delete_deal(*, deal_id: int, by: User, at: datetime) -> None:
    """Take a deal out of every list and sum. It can be restored.

    :raises NotFound: there is no such deal, or `by` may not see it.
    :raises NotAllowed: they may only look at it.
    """
    deal = lock_deal(deal_id, by=by)
    deal.deleted_at = at
    deal.save(update_fields=["deleted_at"])
    score_people(deal.pk, at=at)


@transaction.atomic
def restore_deal(*, deal_id: int, at: datetime) -> Deal:
    """Bring a deleted deal back, into the stage where it stood.

    :raises NotFound: there is no such deleted deal.
    """
    gone = Deal.all_objects.filter(deleted_at__isnull=False).select_for_update()
    deal: Deal | None = gone.filter(pk=deal_id).first()
    if deal is None:
        raise NotFound("There is no such deleted deal.")
    deal.deleted_at = None
    deal.save(update_fields=["deleted_at"])
    score_people(deal.pk, at=at)
    return deal


def _write(
    deal: Deal,
    stage: Stage,
    values: Values,
    *,
    by: User,
    at: datetime,
    position: int | None,
    below_id: int | None = None,
) -> None:
    """Store a new deal, or a locked one, in a stage of a locked pipeline."""
    given = {name: value for name, value in values.items() if getattr(deal, name) != value}
    entered = deal.stage_id != stage.pk
    for name in PLAIN:
        if name in given:
            setattr(deal, name, given[name])
    if entered:
        enter_stage(deal, stage, at=at)
    change_outcome(deal, given, entered=entered)
    if position is not None:
        seen = Deal.objects.visible_to(by)
        deal.rank = rank_at(stage.pk, position, deal_id=deal.pk or 0, among=seen, below_id=below_id)
    deal.search_text = " " + search_text(deal.name)
    deal.save()
