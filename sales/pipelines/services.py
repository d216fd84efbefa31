from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from core.errors import DomainError, InvalidInput, NotFound
from core.models import tenant_of_written_row
from sales.pipelines.defaults import add_default_stages
from sales.pipelines.models import Pipeline, Stage

Values = Mapping[str, Any]
MOST_STAGES = 50


class HasDeals(DomainError):
    """Deals, deleted ones among them, stand in this stage or pipeline."""

    code = "has_deals"


class DefaultPipelineNeeded(DomainError):
    """There is always one default pipeline."""

    code = "default_needed"


@transaction.atomic
def create_pipeline(*, values: Values, stages: Iterable[Values] = ()) -> Pipeline:
    """Create a pipeline with its stages, in the order given; none: those that one starts with.

    :raises ValidationError: its name, or one of two stages' alike, is taken.
    """
    pipeline = Pipeline()
    _save_pipeline(pipeline, values)
    stages = list(stages)
    for position, stage in enumerate(stages):
        _save(Stage(pipeline=pipeline), {"position": position, **stage})
    if not stages:
        add_default_stages(pipeline)
    return pipeline


@transaction.atomic
def edit_pipeline(*, pipeline_id: int, values: Values) -> Pipeline:
    """Change columns of a pipeline. Becoming the default takes that from the other one.

    :raises NotFound: there is no such pipeline.
    :raises ValidationError: its name is taken.
    :raises DefaultPipelineNeeded: the default one would be none any more.
    """
    pipeline = lock_pipeline(pipeline_id)
    if pipeline.is_default and values.get("is_default") is False:
        raise DefaultPipelineNeeded("Make another pipeline the default instead.")
    _save_pipeline(pipeline, values)
    return pipeline


@transaction.atomic
def delete_pipeline(*, pipeline_id: int) -> None:
    """Delete a pipeline with its stages.

    :raises NotFound: there is no such pipeline.
    :raises HasDeals: deals stand in it.
    :raises DefaultPipelineNeeded: it is the default one.
    """
    pipeline = lock_pipeline(pipeline_id)
    if has_deals(pipeline):
        raise HasDeals(f"There are deals in the pipeline {pipeline}: it cannot be deleted.")
    if pipeline.is_default:
        raise DefaultPipelineNeeded("The default pipeline cannot be deleted.")
    pipeline.delete()


@transaction.atomic
def add_stage(*, pipeline_id: int, values: Values) -> Stage:
    """Add a stage to a pipeline, at its end unless a position is given.

    :raises NotFound: there is no such pipeline.
    :raises ValidationError: another stage of the pipeline has its name.
    :raises InvalidInput: the pipeline has as many stages as one may have.
    """
    pipeline = lock_pipeline(pipeline_id)
    known = list(
        Stage.objects.filter(pipeline=pipeline).in_order().values_list("position", flat=True)
    )
    if len(known) >= MOST_STAGES:
        raise InvalidInput(f"A pipeline has at most {MOST_STAGES} stages.")
    stage = Stage(pipeline=pipeline)
    _save(stage, {"position": known[-1] + 1 if known else 0, **values})
    return stage


@transaction.atomic
def edit_stage(*, stage_id: int, values: Values) -> Stage:
    """Change columns of a stage. Its deals keep their probabilities.

    :raises NotFound: there is no such stage.
    :raises ValidationError: another stage of the pipeline has its name.
    :raises HasDeals: its kind was to change: that would win, lose or reopen the deals in it.
    """
    stage = _lock_stage(stage_id)
    if values.get("kind", stage.kind) != stage.kind and has_deals(stage):
        raise HasDeals(f"There are deals in the stage {stage}: its kind cannot be changed.")
    _save(stage, values)
    return stage


@transaction.atomic
def delete_stage(*, stage_id: int) -> None:
    """Delete a stage. Deals that went through it remember what it was called.

    :raises NotFound: there is no such stage.
    :raises HasDeals: deals stand in it.
    """
    stage = _lock_stage(stage_id)
    if has_deals(stage):
        raise HasDeals(f"There are deals in the stage {stage}: it cannot be deleted.")
    stage.delete()


def lock_pipeline(pipeline_id: int) -> Pipeline:
    """Return a pipeline, locked: its stages, and the order of the deals in them, stand still.

    :raises NotFound: there is no such pipeline.
    """
    pipelines = Pipeline.objects.select_for_update(no_key=True)
    pipeline: Pipeline | None = pipelines.filter(pk=pipeline_id).first()
    if pipeline is None:
        raise NotFound("There is no such pipeline.")
    return pipeline


def has_deals(row: Pipeline | Stage) -> bool:
    """Whether deals stand in it. They are the ones above: reached by the relation's name."""
    relation: Any = row._meta.get_field("deals")
    deals: Any = relation.related_model._base_manager
    return bool(deals.filter(**{relation.field.attname: row.pk}).exists())


def _lock_stage(stage_id: int) -> Stage:
    stage: Stage | None = Stage.objects.filter(pk=stage_id).first()
    if stage is None:
        raise NotFound("There is no such stage.")
    lock_pipeline(stage.pipeline_id)
    again: Stage | None = Stage.objects.filter(pk=stage_id).first()
    if again is None:  # deleted while the lock was waited for
        raise NotFound("There is no such stage.")
    return again


def _save_pipeline(pipeline: Pipeline, values: Values) -> None:
    if values.get("is_default") and not pipeline.is_default:
        Pipeline.objects.filter(is_default=True).update(is_default=False)
    _save(pipeline, values)


def _save(row: Pipeline | Stage, values: Values) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.tenant_id = tenant_of_written_row(row.tenant_id)
    row.validate_constraints()
    row.save()
