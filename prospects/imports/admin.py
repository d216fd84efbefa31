from __future__ import annotations

from collections.abc import Iterable
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
from core.errors import DomainError, InvalidInput
from core.rights import ALL_PROSPECTS
from core.tenancy import current_tenant
from prospects.imports.files import TableError, open_table
from prospects.imports.forms import MappingForm, UploadForm
from prospects.imports.models import ImportJob, ImportRow
from prospects.imports.rejected import write_rejected
from prospects.imports.services import plan_import, queue_import
from prospects.imports.uploads import Upload, find_upload, keep_upload

Status = ImportJob.Status
MOST_ROWS = 10_000  # of a file that is planned while its owner waits
FIRST_ROWS = 5
UNDER_WAY = (Status.QUEUED, Status.APPLYING)
COLORS = {"planned": "info", "queued": "warning", "applying": "warning", "applied": "success"}


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
        """An import shows rows of every card: who does not see all of them sees their own."""
        jobs = super().get_queryset(request)
        if request.user.has_perm(ALL_PROSPECTS):
            return jobs
        return jobs.filter(created_by=request.user)

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
            "columns/<str:token>/": self.columns_view,
            "<id:job_id>/apply/": self.apply_view,
            "<id:job_id>/progress/": self.progress_view,
            "<id:job_id>/rejected.csv": self.rejected_view,
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
                return redirect("admin:import_columns", token=self._keep(request, form))
            except DomainError as refusal:
                show_refusal(form, refusal)
        return self.form_page(request, form, title=_("Import prospects"), verb=_("Read the file"))

    def _keep(self, request: Any, form: UploadForm) -> str:
        options = dict(form.cleaned_data)
        file = options.pop("file")
        upload = Upload(file.name, file.read(), options)
        _mapping_form(upload)  # refuses what is not a table before asking about its columns
        return keep_upload(upload, owner=_owner(request))

    def columns_view(self, request: Any, token: str) -> HttpResponse:
        """Ask what the columns hold, then plan."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        try:
            upload = find_upload(token, owner=_owner(request))
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return redirect("admin:prospects_importjob_add")
        form = _mapping_form(upload, request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                job = _plan(request, upload, form.mapping())
            except DomainError as refusal:
                show_refusal(form, refusal)
            else:
                return redirect("admin:prospects_importjob_change", job.pk)
        title = _("What do the columns of %s hold?") % upload.name
        return self.form_page(request, form, title=title, verb=_("Show what would happen"))

    # One import --------------------------------------------------------------------------------
    def render_change_form(
        self, request: Any, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        chosen = request.GET.get("verdict", "")
        is_known = chosen in ImportRow.Verdict.values
        page = _page_of(obj, chosen, request.GET.get("p")) if is_known else None
        context |= {
            "job": obj,
            "under_way": obj.status in UNDER_WAY,
            "may_apply": self.may_apply(request, obj),
            "verdicts": _verdicts(obj, chosen),
            "refused": obj.counts.get("duplicate", 0) + obj.counts.get("error", 0),
            "chosen": chosen if is_known else "",
            "page": page,
            "rows": [
                (row, _told(row, obj), row.known_card_id(obj)) for row in page or _first_rows(obj)
            ],
        }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def apply_view(self, request: Any, job_id: int) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        job = self.get_object(request, str(job_id))
        if job is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(job_id))
        if job.status == Status.PLANNED and not self.may_apply(request, job):
            raise PermissionDenied
        try:
            queue_import(job.pk)
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return redirect("admin:prospects_importjob_change", job.pk)

    def progress_view(self, request: Any, job_id: int) -> HttpResponse:
        """How far it is, for the page that asks again and again; when it is done, all anew."""
        job = self.get_object(request, str(job_id))
        if job is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(job_id))
        response = TemplateResponse(request, "prospects/import_progress.html", {"job": job})
        if job.status not in UNDER_WAY:
            response["HX-Refresh"] = "true"
        return response

    def rejected_view(self, request: Any, job_id: int) -> HttpResponse:
        """The refused rows as a file to correct and import again."""
        job = self.get_object(request, str(job_id))
        if job is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(job_id))
        response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="import-{job.pk}.rejected.csv"'
        write_rejected(job, response)  # type: ignore[arg-type]
        return response

    @display(description=_("status"), ordering="status", label=COLORS)
    def shown_status(self, job: ImportJob) -> tuple[str, str]:
        return job.status, job.get_status_display()


def _owner(request: Any) -> tuple[Any, ...]:
    return current_tenant(), request.user.pk


def _mapping_form(upload: Upload, data: Any = None) -> MappingForm:
    """The form about a file's columns, with the first row as a sample.

    :raises InvalidInput: it is no table, or lacks the column of external ids.
    """
    try:
        table = open_table(upload.file, upload.name)
        sample = next(iter(table), None)
    except TableError as error:
        raise InvalidInput(str(error)) from error
    return MappingForm(
        data,
        columns=table.columns,
        sample=sample.values if sample else {},
        external_id_column=upload.options["external_id_column"],
    )


def _plan(request: Any, upload: Upload, mapping: dict[str, str]) -> ImportJob:
    return plan_import(
        file=upload.file,
        file_name=upload.name,
        mapping=mapping,
        constants={},
        is_update=upload.options["is_update"],
        creates_users=upload.options.get("creates_users", False),
        by=None if request.user.is_superuser else request.user,
        at=timezone.now(),
        on_progress=_refuse_too_many,
    )


def _refuse_too_many(rows: int) -> None:
    if rows > MOST_ROWS:
        raise InvalidInput(
            f"At most {MOST_ROWS:,} rows here; larger files go through manage.py import_prospects."
        )


def _verdicts(job: ImportJob, chosen: str) -> Iterable[dict[str, Any]]:
    return [
        {"value": value, "label": label, "count": job.counts.get(value, 0), "is": value == chosen}
        for value, label in ImportRow.Verdict.choices
    ]


def _rows(job: ImportJob, verdict: str) -> Any:
    return job.rows.filter(verdict=verdict).order_by("line")


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


def _page_of(job: ImportJob, verdict: str, number: Any) -> Page:
    return Paginator(_rows(job, verdict), 50).get_page(number)
