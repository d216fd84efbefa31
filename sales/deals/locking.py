"""The door to writing a deal: it is locked, and whoever writes may write.

Pipelines are locked before deals, in the order of their ids; then cards, then people.
"""

from __future__ import annotations

from accounts.users.models import User
from core.errors import DomainError, InvalidInput, NotAllowed, NotFound
from sales.deals.models import Deal
from sales.pipelines.models import Stage
from sales.pipelines.services import lock_pipeline


class MovedMeanwhile(DomainError):
    """Somebody took the deal to another pipeline at this moment."""

    code = "moved"


def lock_deal(deal_id: int, *, by: User) -> Deal:
    """Return a live deal, locked until the transaction ends.

    :raises NotFound: there is no such deal, or `by` may not see it.
    :raises NotAllowed: `by` may see it, but not change it.
    """
    deals = Deal.objects.changeable_by(by).select_for_update(of=("self",))
    deal: Deal | None = deals.filter(pk=deal_id).first()
    if deal is not None:
        return deal
    if Deal.objects.visible_to(by).filter(pk=deal_id).exists():
        raise NotAllowed("You may look at this deal, not change it.")
    raise NotFound("There is no such deal.")


def lock_for_move(
    deal_id: int, *, stage_id: int | None, pipeline_id: int | None, by: User
) -> tuple[Deal, Stage]:
    """Return a deal and the stage where it is to stand, with their pipelines locked.

    :param stage_id: None leaves it where it is.
    :param pipeline_id: of which the stage must be; None stands for the deal's own.
    :raises NotFound, NotAllowed: as lock_deal.
    :raises InvalidInput: there is no such stage, or it is of another pipeline.
    :raises MovedMeanwhile: the deal went to a third pipeline while the locks were waited for.
    """
    known = Deal.objects.filter(pk=deal_id).values_list("pipeline", flat=True)
    wanted = Stage.objects.filter(pk=stage_id).values_list("pipeline", flat=True)
    locked = sorted({*known, *wanted})
    for pk in locked:
        lock_pipeline(pk)
    deal = lock_deal(deal_id, by=by)
    if deal.pipeline_id not in locked:
        raise MovedMeanwhile("Somebody else moved this deal at the same moment; try again.")
    target = pipeline_id or deal.pipeline_id
    return deal, stage_of(target, deal.stage_id if stage_id is None else stage_id)


def lock_stage(stage_id: int, pipeline_id: int | None) -> Stage:
    """Return the stage of a new deal, with its pipeline locked.

    :raises InvalidInput: there is no such stage or pipeline, or it is of another one.
    """
    wanted = Stage.objects.filter(pk=stage_id).values_list("pipeline", flat=True)
    for pk in wanted:
        lock_pipeline(pk)
        return stage_of(pipeline_id or pk, stage_id)
    raise InvalidInput.of("stage_id", "There is no such stage.")


def stage_of(pipeline_id: int, stage_id: int) -> Stage:
    """Return a stage of a pipeline that is locked.

    :raises InvalidInput: it does not exist, or is of another pipeline.
    """
    stage: Stage | None = Stage.objects.filter(pk=stage_id).first()
    if stage is None:
        raise InvalidInput.of("stage_id", "There is no such stage.")
    if stage.pipeline_id != pipeline_id:
        raise InvalidInput.of("stage_id", "This stage is of another pipeline.")
    return stage
