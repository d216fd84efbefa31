from __future__ import annotations

from core.models import TenantManager, TenantQuerySet


class StageQuerySet(TenantQuerySet):
    """Stages of pipelines."""

    def in_order(self) -> StageQuerySet:
        """As they stand on the board, from left to right."""
        return self.order_by("position", "id")


class PipelineQuerySet(TenantQuerySet):
    """Pipelines."""

    def default_first(self) -> PipelineQuerySet:
        """The one that is offered first, then in their order."""
        return self.order_by("-is_default", "position", "id")


StageManager = TenantManager.from_queryset(StageQuerySet)
PipelineManager = TenantManager.from_queryset(PipelineQuerySet)
