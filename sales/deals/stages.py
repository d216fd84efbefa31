"""A deal enters a stage: what its columns say afterwards, and how long it stood where."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.users.models import User
from core.errors import InvalidInput
from prospects.pipeline.services import acting_author
from sales.deals.closing import win_people
from sales.deals.models import Deal, StageStay
from sales.deals.telling import tell_lost, tell_won
from sales.pipelines.models import Stage

Status = Deal.Status


def enter_stage(deal: Deal, stage: Stage, *, at: datetime) -> None:
    """Change a deal in memory as its new stage asks: probability, status, when it was closed.

    One that was won already, and comes into another such stage, was won when it was.
    """
    if stage.kind != deal.status or deal.closed_at is None:
        deal.closed_at = None if stage.kind == Stage.Kind.OPEN else at
    if stage.kind != Stage.Kind.LOST:
        deal.lost_reason = ""
    deal.stage, deal.pipeline_id = stage, stage.pipeline_id
    deal.status = stage.kind
    deal.probability = stage.default_probability


def change_outcome(deal: Deal, given: Mapping[str, Any], *, entered: bool) -> None:
    """Change in memory what hangs on a deal's status, which is the new one already.

    :param given: any of `probability`, `lost_reason`, `closed_at`, where it differs.
    :param entered: whether the deal came into its stage just now: a closed one's probability wins.
    :raises InvalidInput: the deal's status forbids it.
    """
    is_open = deal.status == Status.OPEN
    if "probability" in given and (is_open or not entered):
        if not is_open:
            raise InvalidInput.of("probability", "That of a closed deal is its stage's.")
        deal.probability = given["probability"]
    if given.get("lost_reason"):
        if deal.status != Status.LOST:
            raise InvalidInput.of("lost_reason", "Only a lost deal has one.")
        deal.lost_reason = given["lost_reason"]
    if given.get("closed_at"):
        if is_open:
            raise InvalidInput.of("closed_at", "Only a deal that is won or lost has one.")
        deal.closed_at = given["closed_at"]


def note_stay(deal: Deal, *, by: User, at: datetime) -> None:
    """Write down that a deal stands in its stage from now on, and no longer where it stood.

    Who waited for the lock may have begun before the one who held it: time does not go back.
    """
    last = StageStay.objects.filter(deal=deal, left_at=None).first()
    if last is not None:
        last.left_at = at = max(at, last.entered_at)
        last.save(update_fields=["left_at"])
    StageStay.objects.create(
        deal=deal,
        stage=deal.stage,
        stage_name=deal.stage.name,
        entered_at=at,
        moved_by=acting_author(by),
    )


def follow_outcome(deal: Deal, *, before: str, at: datetime) -> None:
    """Do what follows from a deal's being won or lost now.

    :param before: its status before; nothing follows twice.
    """
    if deal.status == before:
        return
    if deal.status == Status.WON:
        win_people(deal, at=at)
        tell_won(deal, at=at)
    elif deal.status == Status.LOST:
        tell_lost(deal, at=at)
