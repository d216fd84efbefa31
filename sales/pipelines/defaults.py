"""The pipeline that a new tenant starts with."""

from __future__ import annotations

from typing import Any

from sales.pipelines.models import Pipeline, Stage

NAME = "Pipeline de Ventas"
# name, kind, colour, probability
STAGES = (
    ("Prospecto", "open", "#6B7280", 10),
    ("Contactado", "open", "#3B82F6", 25),
    ("Propuesta", "open", "#F59E0B", 50),
    ("Negociacion", "open", "#8B5CF6", 75),
    ("Ganado", "won", "#10B981", 100),
    ("Perdido", "lost", "#EF4444", 0),
)


def create_defaults(*, tenant: Any, **kwargs: Any) -> None:
    """Receiver of `tenant_created`: the default pipeline with its stages."""
    pipeline = Pipeline.objects.create(tenant_id=tenant.pk, name=NAME, is_default=True)
    add_default_stages(pipeline)


def add_default_stages(pipeline: Pipeline) -> None:
    """Give a pipeline the stages that one starts with."""
    Stage.objects.bulk_create(
        Stage(
            tenant_id=pipeline.tenant_id,
            pipeline=pipeline,
            name=name,
            kind=kind,
            color=color,
            default_probability=probability,
            position=position,
        )
        for position, (name, kind, color, probability) in enumerate(STAGES)
    )
