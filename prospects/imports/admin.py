from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from core.back_office import ReadOnlyAdmin, show_refusal
from core.back_office_one import of_row
from core.errors import DomainError
from core.tenancy import current_tenant
from prospects.imports.files import TableError, open_table
from prospects.imports.forms import MappingForm, UploadForm
from prospects.imports.job_shapes import SPARED, number_of_rows, progress_of, rows_of
from prospects.imports.models import ImportJob, ImportRow
from prospects.imports.rejected import rejected_file
from prospects.imports.services import queue_import, queue_undo
from prospects.imports.uploads import queue_plan, receive_upload, remembered_mapping

Status = ImportJob.Status
Verdict = ImportRow.Verdict
FIRST_ROWS = 5
UNDER_WAY = (Status.PLANNING, Status.QUEUED, Status.APPLYING, Status.UNDOING)
COLORS = {
    "planned": "info",
    "planning": "warning",
    "queued": "warning",
    "applying": "warning",
    "applied": "success",
    "undoing": "warning",
    "failed": "danger",
}


@admin.register(ImportJob)
class ImportJobAdmin(ReadOnlyAdmin):
    """Files of prospects: uploaded, planned, looked at, applied."""

    list_display = (
        "file_name",
        "shown_status",
        "rows_read",
        "rows_applied",
        "created_by",
        "created_at",
    )
    list_filter = ("status",)
    list_select_related = ("created_by",)
    ordering = ("-created_at", "-pk")
    fields = ("file_name", "status", "message", "is_update", "creates_users", "created_by")
    change_form_outer_after_template = "prospects/import_plan.html"

    # Who ---------------------------------------------------------------------------------------
    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).visible_to(request.user)

    def has_add_permission(self, request: Any) -> bool:
        return bool(request.user.has_perm("prospects.add_importjob"))

    def may_apply(self, request: Any, job: ImportJob) -> bool:
        """Whether the plan can be carried out by this user; newcomers need the right to add."""
        codes = ["prospects.change_importjob"]
        codes += ["accounts.add_user"] if job.creates_users else []
        return bool(job.status == Status.PLANNED and request.user.has_perms(codes))

    # Upload and mapping ------------------------------------------------------------------------
    def get_urls(self) -> list[Any]:
        views = {
            "<id:pk>/columns/": self.columns_view,
            "<id:pk>/apply/": self.apply_view,
            "<id:pk>/undo/": self.undo_view,
            "<id:pk>/progress/": self.progress_view,
            "<id:pk>/rejected.csv": self.rejected_view,
        }
        mine = [
            path(route, self.admin_site.admin_view(view), name=f"import_{view.__name__[:-5]}")
            for route, view in views.items()
        ]
        return [*mine, *super().get_urls()]

    def add_view(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        if current_tenant() is None:
            return self.ask_for_tenant(request)
        form = UploadForm(
            request.POST or None,
            request.FILES or None,
            may_create_users=request.user.has_perm("accounts.add_user"),
        )
        if request.method == "POST" and form.is_valid():
            try:
                return redirect("admin:import_columns", self._receive(request, form).pk)
            except DomainError as refusal:
                show_refusal(form, refusal)
        return self.form_page(request, form, title=_("Import prospects"), verb=_("Read the file"))

    def _receive(self, request: Any, form: UploadForm) -> ImportJob:
        given = form.cleaned_data
        return receive_upload(
            file=given["file"],
            file_name=given["file"].name,
            is_update=given["is_update"],
            creates_users=given.get("creates_users", False),
            by=request.user,
            at=timezone.now(),
        )

    @of_row
    def columns_view(self, request: Any, job: ImportJob) -> HttpResponse:
        """Ask what the columns hold, then have a worker plan."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if job.status != Status.UPLOADED:
            return redirect("admin:prospects_importjob_change", job.pk)
        form = _mapping_form(job, request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                queue_plan(job_id=job.pk, mapping=form.mapping(), constants={})
            except DomainError as refusal:
                show_refusal(form, refusal)
            else:
                return redirect("admin:prospects_importjob_change", job.pk)
        title = _("What do the columns of %s hold?") % job.file_name
        return self.form_page(request, form, title=title, verb=_("Show what would happen"))

    # One import --------------------------------------------------------------------------------
    def render_change_form(
        self, request: Any, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        chosen = request.GET.get("verdict", "")
        if obj.status == Status.UPLOADED:
            return redirect("admin:import_columns", obj.pk)
        is_known = chosen in (*ImportRow.Verdict.values, SPARED)
        page = _page_of(obj, chosen, request.GET.get("p")) if is_known else None
        context |= {
            "job": obj,
            "under_way": obj.status in UNDER_WAY,
            "progress": progress_of(obj),
            "may_apply": self.may_apply(request, obj),
            "may_undo": obj.may_undo and request.user.has_perm("prospects.change_importjob"),
            "verdicts": _verdicts(obj, chosen),
            "refused": obj.counts.get("duplicate", 0) + obj.counts.get("error", 0),
            "chosen": chosen if is_known else "",
            "page": page,
            "rows": [
                (row, _told(row, obj), row.known_card_id(obj)) for row in page or _first_rows(obj)
            ],
        }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    @of_row
    def apply_view(self, request: Any, job: ImportJob) -> HttpResponse:
        return _order(request, job, lambda: queue_import(job_id=job.pk, by=request.user))

    @of_row
    def undo_view(self, request: Any, job: ImportJob) -> HttpResponse:
        return _order(request, job, lambda: queue_undo(job.pk))

    @of_row
    def progress_view(self, request: Any, job: ImportJob) -> HttpResponse:
        """How far it is, for the page that asks again and again; when it is done, all anew."""
        context = {"job": job, "progress": progress_of(job)}
        response = TemplateResponse(request, "prospects/import_progress.html", context)
        if job.status not in UNDER_WAY:
            response["HX-Refresh"] = "true"
        return response

    @of_row
    def rejected_view(self, request: Any, job: ImportJob) -> HttpResponse:
        """The refused rows as a file to correct and import again."""
        return rejected_file(job)

    @display(description=_("status"), ordering="status", label=COLORS)
    def shown_status(self, job: ImportJob) -> tuple[str, str]:
        return job.status, job.get_status_display()


def _order(request: Any, job: ImportJob, queue: Callable[[], object]) -> HttpResponse:
    """Have a worker do something with an import, and show it."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not request.user.has_perm("prospects.change_importjob"):
        raise PermissionDenied
    try:
        queue()
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect("admin:prospects_importjob_change", job.pk)


def _mapping_form(job: ImportJob, data: Any = None) -> MappingForm:
    """The form about a file's columns, with the first row as a sample."""
    try:
        with job.upload.open("rb") as kept:
            sample = next(iter(open_table(kept.file, job.file_name)), None)
    except (TableError, FileNotFoundError):  # damaged or lost: its columns are known
        sample = None
    return MappingForm(
        data,
        columns=job.columns,
        sample=sample.values if sample else {},
        remembered=remembered_mapping(job.columns),
    )


def _verdicts(job: ImportJob, chosen: str) -> Iterable[dict[str, Any]]:
    counted = [(value, label, job.counts.get(value, 0)) for value, label in Verdict.choices]
    if job.rows_spared:
        counted.append((SPARED, _("Not undone"), job.rows_spared))
    return [
        {"value": value, "label": label, "count": count, "is": value == chosen}
        for value, label, count in counted
    ]


def _rows(job: ImportJob, verdict: str) -> Any:
    return rows_of(job, verdict).order_by("line")


def _first_rows(job: ImportJob) -> list[ImportRow]:
    return [
        row
        for verdict in ImportRow.Verdict.values
        if job.counts.get(verdict)
        for row in _rows(job, verdict)[:FIRST_ROWS]
    ]


def _told(row: ImportRow, job: ImportJob) -> list[tuple[str, str]]:
    """The cells that say something, in the order of the file."""
    return [(name, row.cells[name]) for name in job.columns if row.cells.get(name)]


class _Rows(Paginator):
    """Pages of a job's rows with a verdict, which nobody counts: the job knows how many."""

    def __init__(self, job: ImportJob, verdict: str) -> None:
        super().__init__(_rows(job, verdict), 50)
        self.count = number_of_rows(job, verdict)  # type: ignore[misc]


def _page_of(job: ImportJob, verdict: str, number: Any) -> Page:
    return _Rows(job, verdict).get_page(number)
