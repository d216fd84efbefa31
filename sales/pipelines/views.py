from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Prefetch

from core.api.viewsets import ReadMixin, ResourceViewSet, WriteMixin
from core.tallies import NAMES
from sales.pipelines.models import Pipeline, Stage
from sales.pipelines.serializers import (
    NewPipelineSerializer,
    PipelineSerializer,
    PipelineWriteSerializer,
    StageSerializer,
    StageWriteSerializer,
)
from sales.pipelines.services import (
    add_stage,
    create_pipeline,
    delete_pipeline,
    delete_stage,
    edit_pipeline,
    edit_stage,
)


class PipelineViewSet(ReadMixin, WriteMixin, ResourceViewSet):
    """The pipelines of the tenant with their stages, the default one first."""

    model = Pipeline
    watched = (NAMES,)
    permission: ClassVar[Any] = {
        "list": "sales.view_pipeline",
        "retrieve": "sales.view_pipeline",
        "create": "sales.add_pipeline",
        "update": "sales.change_pipeline",
        "destroy": "sales.delete_pipeline",
    }
    read_serializer_class = PipelineSerializer

    @property
    def write_serializer_class(self) -> Any:  # type: ignore[override]
        return NewPipelineSerializer if self.action == "create" else PipelineWriteSerializer

    def narrow(self, queryset: Any) -> Any:
        return queryset.default_first()

    def shown(self, queryset: Any) -> Any:
        return queryset.prefetch_related(Prefetch("stages", Stage.objects.in_order()))

    def add(self, sent: Any) -> int:
        values = dict(sent.validated_data)
        stages = values.pop("stages", ())
        return create_pipeline(values=values, stages=stages).pk

    def change(self, pk: int, sent: Any) -> None:
        edit_pipeline(pipeline_id=pk, values=sent.validated_data)

    def remove(self, pk: int) -> None:
        delete_pipeline(pipeline_id=pk)


class StageViewSet(WriteMixin, ReadMixin, ResourceViewSet):
    """The stages of a pipeline."""

    model = Stage
    permission: ClassVar[Any] = {
        "create": "sales.add_stage",
        "update": "sales.change_stage",
        "destroy": "sales.delete_stage",
    }
    read_serializer_class = StageSerializer
    write_serializer_class = StageWriteSerializer

    def narrow(self, queryset: Any) -> Any:
        return queryset.filter(pipeline=self.kwargs["pipeline_id"]).in_order()

    def add(self, sent: Any) -> int:
        return add_stage(pipeline_id=self.kwargs["pipeline_id"], values=sent.validated_data).pk

    def change(self, pk: int, sent: Any) -> None:
        edit_stage(stage_id=pk, values=sent.validated_data)

    def remove(self, pk: int) -> None:
        delete_stage(stage_id=pk)
