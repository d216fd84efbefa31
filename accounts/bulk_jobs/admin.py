from __future__ import annotations

import io
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.bulk_jobs.bar import TEMPLATE, fill
from accounts.bulk_jobs.exporting import NAME, export_list, file_name
from accounts.bulk_jobs.models import BulkJob
from accounts.bulk_jobs.services import cancel_job, label_of
from core.back_office import ReadOnlyAdmin
from core.back_office_asking import address_of, find_list
from core.back_office_bar import add_to_lists
from core.back_office_one import of_row
from core.errors import DomainError, NotAllowed, NotFound
from core.rights import EXPORT
from core.tables_out import TYPES
from core.tenancy import current_tenant

Status = BulkJob.Status
COLORS = {"done": "success", "failed": "danger", "waiting": "warning", "running": "warning"}

add_to_lists(TEMPLATE, fill)


@admin.register(BulkJob)
class BulkJobAdmin(ReadOnlyAdmin):
    """What was exported and changed in bulk: how far it is, by whom; the files of one's own."""

    has_saved_views = False
    list_display = ("shown_kind", "shown_list", "shown_status", "total", "done", "created_by", "at")
    list_filter = ("status",)
    list_select_related = ("created_by",)
    ordering = ("-pk",)
    fields = ("shown_kind", "shown_list", "query", "created_by", "at", "finished_at")
    readonly_fields = fields
    change_form_outer_after_template = "accounts/bulk_job.html"

    # Who ---------------------------------------------------------------------------------------
    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).visible_to(request.user)

    def has_module_permission(self, request: Any) -> bool:
        return True

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return True

    # One job -----------------------------------------------------------------------------------
    def get_urls(self) -> list[Any]:
        views = {
            "export/": self.export_view,
            "<id:pk>/progress/": self.progress_view,
            "<id:pk>/cancel/": self.cancel_view,
            "<id:pk>/download/": self.download_view,
        }
        mine = [
            path(
                route,
                self.admin_site.admin_view(view),
                name=f"accounts_bulkjob_{view.__name__[:-5]}",
            )
            for route, view in views.items()
        ]
        return [*mine, *super().get_urls()]

    def render_change_form(
        self, request: Any, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        is_own = obj.created_by_id == request.user.pk
        downloads = is_own and bool(obj.file) and request.user.has_perm(EXPORT)
        context |= {
            "job": obj,
            "changes": obj.kind != NAME,
            "refused": sorted(obj.refused.items()),
            "may_cancel": is_own and obj.is_pending,
            "cancel_url": reverse("admin:accounts_bulkjob_cancel", args=(obj.pk,)),
            "list_url": _list_url(obj),
        }
        if downloads:
            context["download_url"] = reverse("admin:accounts_bulkjob_download", args=(obj.pk,))
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    @of_row
    def progress_view(self, request: Any, job: BulkJob) -> HttpResponse:
        """How far it is, for the page that asks again and again; when it is done, all anew."""
        context = {"job": job, "changes": job.kind != NAME}
        response = TemplateResponse(request, "accounts/bulk_job_progress.html", context)
        if not job.is_pending:
            response["HX-Refresh"] = "true"
        return response

    @of_row
    def cancel_view(self, request: Any, job: BulkJob) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            cancel_job(job_id=job.pk, by=request.user, at=timezone.now())
        except NotFound as error:
            raise PermissionDenied from error
        return redirect("admin:accounts_bulkjob_change", job.pk)

    @of_row
    def download_view(self, request: Any, job: BulkJob) -> HttpResponse:
        """The file, for whoever asked for it and may still export."""
        if job.created_by_id != request.user.pk:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(job.pk))
        if not request.user.has_perm(EXPORT):
            raise PermissionDenied
        try:
            kept = job.file.open("rb")
        except (FileNotFoundError, ValueError):  # cleared by now
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(job.pk))
        return FileResponse(kept, **_sent_as(job))  # type: ignore[return-value]

    # Exporting ---------------------------------------------------------------------------------
    def export_view(self, request: Any) -> HttpResponse:
        """Send a list as a file, or have it made and show how far it is."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        sent = {name: request.POST.get(name, "") for name in ("list", "query", "format", "key")}
        try:
            back = address_of(find_list(sent["list"]))
        except NotFound as missing:
            raise Http404 from missing
        return export_response(request, back=f"{back}?{sent['query']}", **_asked(sent))

    # Columns -----------------------------------------------------------------------------------
    @display(description=_("what"))
    def shown_kind(self, job: BulkJob) -> str:
        return str(label_of(job))

    @display(description=_("list"))
    def shown_list(self, job: BulkJob) -> str:
        try:
            return str(find_list(job.list_name).opts.verbose_name_plural)
        except NotFound:
            return job.list_name

    @display(description=_("status"), ordering="status", label=COLORS)
    def shown_status(self, job: BulkJob) -> tuple[str, str]:
        return job.status, job.get_status_display()

    @display(description=_("asked for"), ordering="created_at")
    def at(self, job: BulkJob) -> str:
        return date_format(timezone.localtime(job.created_at), "DATETIME_FORMAT")


def export_response(request: Any, *, back: str, **asked: Any) -> HttpResponse:
    """A short list as a file; for a long one the page of the job that makes it.

    :param back: where what is refused is said.
    """
    if not request.user.has_perm(EXPORT):
        raise PermissionDenied
    if current_tenant() is None:
        messages.warning(request, _("You act for every tenant: choose one first."))
        return redirect(back)
    file = io.BytesIO()
    try:
        job = export_list(**asked, by=request.user, at=timezone.now(), file=file)
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.message) from refusal
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect(back.partition("?")[0])
    if job.status != Status.DONE or job.file:
        return redirect("admin:accounts_bulkjob_change", job.pk)
    file.seek(0)
    return FileResponse(file, **_sent_as(job))  # type: ignore[return-value]


def _asked(sent: dict[str, str]) -> dict[str, str]:
    names = {"list": "list_name", "query": "query", "format": "kind", "key": "key"}
    return {names[name]: value for name, value in sent.items()}


def _sent_as(job: BulkJob) -> dict[str, Any]:
    kind = TYPES[job.given["format"]]
    return {"as_attachment": True, "filename": file_name(job), "content_type": kind}


def _list_url(job: BulkJob) -> str | None:
    try:
        return f"{address_of(find_list(job.list_name))}?{job.query}"
    except NotFound:
        return None
