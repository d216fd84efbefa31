"""The sync log and the snapshots, to look at; and to sync now."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from accounts.tenants.models import Tenant
from analytics.leads.models import SyncLog
from analytics.snapshots.models import Snapshot
from analytics.snapshots.services import refresh_all
from core.back_office import ReadOnlyAdmin
from core.tenancy import current_tenant

RUN = (
    *("status", "is_full", "started_at", "duration_ms", "dirty_count", "rolling_count"),
    *("written_count", "deleted_count"),
)
MAY_SYNC = "analytics.change_synclog"


class SyncNow:
    """A button above the list that asks first, then syncs and rebuilds the snapshots."""

    actions_list = ["sync_now"]

    def has_sync_now_permission(self, request: Any) -> bool:
        return bool(request.user.has_perm(MAY_SYNC))

    @action(description=_("Sync now"), url_path="sync-now", permissions=["sync_now"])
    def sync_now(self, request: Any) -> HttpResponse:
        """Shows the question; does it when the answer comes."""
        tenant_id = current_tenant()
        if tenant_id is None:
            return self.ask_for_tenant(request)  # type: ignore[attr-defined, no-any-return]
        if request.method != "POST":
            title, verb = _("Bring analytics up to date?"), _("Sync now")
            return self.form_page(request, forms.Form(), title=title, verb=verb)  # type: ignore[attr-defined, no-any-return]
        errors = refresh_all([Tenant.objects.get(pk=tenant_id)])
        if errors:
            messages.error(request, _("The sync failed; the log says why."))
        else:
            messages.success(request, _("Analytics is up to date, or soon will be."))
        return redirect("admin:analytics_synclog_changelist")


@admin.register(SyncLog)
class SyncLogAdmin(SyncNow, ReadOnlyAdmin):
    """What each run of the sync did."""

    list_display = ("__str__", *RUN)
    list_filter = ("status", "is_full")
    ordering = ("-pk",)
    fields = (*RUN, "watermark", "cursor", "error")


@admin.register(Snapshot)
class SnapshotAdmin(SyncNow, ReadOnlyAdmin):
    """Answers of the dashboard that are kept."""

    list_display = ("__str__", "start_date", "end_date", "locale_ids", "computed_at", "expires_at")
    list_filter = ("preset",)
    ordering = ("-computed_at", "-pk")
    fields = ("preset", "start_date", "end_date", "locale_ids", "computed_at", "expires_at", "sync")
