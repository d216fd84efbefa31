from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminColorInputWidget

from core.back_office import BackOfficeAdmin, BackOfficeForm
from sales.pipelines.models import Pipeline, Stage
from sales.pipelines.services import (
    add_stage,
    create_pipeline,
    delete_pipeline,
    delete_stage,
    edit_pipeline,
    edit_stage,
)

COLUMNS = ("name", "kind", "color", "default_probability", "position")


class StageForm(BackOfficeForm):
    """A stage of a pipeline."""

    class Meta:
        model = Stage
        fields = COLUMNS
        widgets = {"color": UnfoldAdminColorInputWidget}


class StageFormSet(forms.BaseInlineFormSet):
    """The stages of a pipeline, written by the services."""

    def save_new(self, form: Any, commit: bool = True) -> Stage:
        return add_stage(pipeline_id=self.instance.pk, values=_values(form))

    def save_existing(self, form: Any, obj: Stage, commit: bool = True) -> Stage:
        return edit_stage(stage_id=obj.pk, values=_values(form))

    def delete_existing(self, obj: Stage, commit: bool = True) -> None:
        delete_stage(stage_id=obj.pk)


def _values(form: Any) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in COLUMNS}


class StageInline(TabularInline):
    """The stages on a pipeline's page, put in order by dragging."""

    model = Stage
    form = StageForm
    formset = StageFormSet
    fields = COLUMNS
    extra = 0
    ordering = ("position", "pk")
    ordering_field = "position"
    hide_ordering_field = True

    def get_formset(self, request: Any, obj: Any = None, **kwargs: Any) -> Any:
        """The service says whether deals stand in the way; Django would read all of them."""
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.hand_clean_DELETE = lambda form: None
        return formset


@admin.register(Pipeline)
class PipelineAdmin(BackOfficeAdmin):
    """The ways of selling. A new pipeline starts with six stages, to be changed on its page."""

    list_display = ("name", "is_default", "shown_stages", "position")
    ordering = ("-is_default", "position", "pk")
    search_fields = ("name",)
    fields = ("name", "is_default", "position")
    actions: Any = None

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).annotate(stage_count=Count("stages"))

    def get_inlines(self, request: Any, obj: Pipeline | None) -> Any:
        return (StageInline,) if obj else ()

    def save_model(self, request: Any, obj: Pipeline, form: Any, change: bool) -> None:
        values = {name: form.cleaned_data[name] for name in self.fields if name in form.fields}
        if change:
            edit_pipeline(pipeline_id=obj.pk, values=values)
        else:
            obj.pk = create_pipeline(values=values).pk

    def response_add(self, request: Any, obj: Pipeline, post_url_continue: Any = None) -> Any:
        """Go on with its stages."""
        request.POST = {**request.POST.dict(), "_continue": "1"}
        answer: HttpResponse = super().response_add(request, obj, post_url_continue)
        return answer

    def delete_model(self, request: Any, obj: Pipeline) -> None:
        delete_pipeline(pipeline_id=obj.pk)

    def get_deleted_objects(self, objs: Any, request: Any) -> Any:
        """Its stages go with it; the service says whether deals stand in the way."""
        return [str(each) for each in objs], {}, set(), []

    @display(description=_("stages"))
    def shown_stages(self, pipeline: Any) -> int:
        return int(pipeline.stage_count)
