from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import action, display

from core.back_office import BackOfficeAdmin, BackOfficeForm
from core.back_office_filters import DayRangeFilter
from core.errors import DomainError
from core.tenancy import tenant_scope
from sales.activities.models import Activity
from sales.activities.services import (
    complete_activity,
    create_activity,
    delete_activity,
    edit_activity,
)

COLUMNS = ("subject", "type", "status", "priority", "due_at", "notes", "user")
SUBJECTS = ("contact", "deal", "company")


class ActivityForm(BackOfficeForm):
    """Something to do, about one person, deal or company, or none."""

    class Meta:
        model = Activity
        fields = (*COLUMNS, *SUBJECTS)

    def _check_constraints(self) -> None:
        """The service sets when it was completed; the form asks the rest."""
        row = self.instance
        if row.status == Activity.Status.COMPLETED and row.completed_at is None:
            row.completed_at = timezone.now()
        elif row.status != Activity.Status.COMPLETED:
            row.completed_at = None
        super()._check_constraints()

    def columns(self) -> dict[str, Any]:
        """Return what was sent as columns of the activity."""
        sent = self.cleaned_data
        values = {name: sent[name] for name in (*COLUMNS, *SUBJECTS) if name in sent}
        for name in ("user", *SUBJECTS):
            if name in values:
                row = values.pop(name)
                values[f"{name}_id"] = row and row.pk
        return values


@admin.register(Activity)
class ActivityAdmin(BackOfficeAdmin):
    """What people are to do."""

    form = ActivityForm
    list_display = (
        *("subject", "type", "status", "priority", "shown_due", "user", "about"),
        "completed_at",
    )
    list_select_related = ("user", "contact", "deal", "company__prospect")
    list_filter = (
        *("status", "type", "priority"),
        ("user", RelatedDropdownFilter),
        ("due_at", DayRangeFilter),
    )
    list_fullwidth = True
    ordering = ("-pk",)
    search_fields = ("subject",)
    autocomplete_fields = SUBJECTS
    fields = (("type", "priority"), "subject", ("due_at", "user"), "status", *SUBJECTS, "notes")
    actions = ("complete", "cancel")
    actions_list = ("open_calendar",)

    # Who sees and does what ------------------------------------------------------------------
    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).visible_to(request.user)

    def has_change_permission(self, request: Any, obj: Activity | None = None) -> bool:
        if not super().has_change_permission(request, obj):
            return False
        rows = Activity.objects.changeable_by(request.user)
        return obj is None or rows.filter(pk=obj.pk).exists()

    def get_actions(self, request: Any) -> Any:
        """Without Django's own deleting of many, which asks no service."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def get_changeform_initial_data(self, request: Any) -> dict[str, Any]:
        mine = {} if request.user.is_superuser else {"user": request.user.pk}
        return {**mine, **super().get_changeform_initial_data(request)}

    # What is written -------------------------------------------------------------------------
    def save_model(self, request: Any, obj: Activity, form: Any, change: bool) -> None:
        values, by, at = form.columns(), request.user, timezone.now()
        if change:
            edit_activity(activity_id=obj.pk, values=values, by=by, at=at)
        else:
            obj.pk = create_activity(values=values, by=by, at=at).pk

    def delete_model(self, request: Any, obj: Activity) -> None:
        delete_activity(activity_id=obj.pk, by=request.user, at=timezone.now())

    @admin.action(description=_("Mark as completed"), permissions=["change"])
    def complete(self, request: Any, activities: Any) -> None:
        self._change_each(request, activities, complete_activity)

    @admin.action(description=_("Cancel"), permissions=["change"])
    def cancel(self, request: Any, activities: Any) -> None:
        values = {"status": Activity.Status.CANCELLED}
        self._change_each(request, activities, edit_activity, values=values)

    def _change_each(self, request: Any, activities: Any, change: Any, **how: Any) -> None:
        count, at = 0, timezone.now()
        for each in activities.order_by("pk"):
            try:
                with tenant_scope(each.tenant_id):
                    change(activity_id=each.pk, by=request.user, at=at, **how)
            except DomainError as refusal:
                messages.error(request, f"{each}: {refusal.message}")
            else:
                count += 1
        text = ngettext("%d activity changed.", "%d activities changed.", count) % count
        messages.success(request, text)

    @action(description=_("Calendar"), url_path="to-calendar", icon="calendar_month")
    def open_calendar(self, request: Any) -> HttpResponse:
        return redirect("admin:calendar")

    # Columns ---------------------------------------------------------------------------------
    @display(description=_("due"), ordering="due_at")
    def shown_due(self, activity: Activity) -> Any:
        return activity.due_at or "-"

    @display(description=_("about"))
    def about(self, activity: Activity) -> str:
        return str(activity.contact or activity.deal or activity.company or "-")
