"""Lists of what was deleted softly, from which rows can be brought back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import action

from core.back_office import ReadOnlyAdmin
from core.errors import DomainError, NotFound
from core.rights import ALL_PROSPECTS
from core.tenancy import tenant_scope

AT_ONCE = 1000  # rows that one action restores


class RestoringAdmin(ReadOnlyAdmin):
    """Deleted rows, the latest first, for who may delete and sees every card: nobody owns what is
    deleted. A subclass says what restores one (`restore_row`)."""

    delete_permission: str
    actions = ("restore",)
    actions_detail = ("restore_one",)
    ordering = ("-deleted_at", "-pk")

    def get_queryset(self, request: Any) -> Any:
        rows = super().get_queryset(request)
        return rows if request.user.has_perm(ALL_PROSPECTS) else rows.none()

    def restore_row(self, pk: int) -> None:
        """Bring a row back.

        :raises DomainError: something else has taken its place.
        """
        raise NotImplementedError

    def has_module_permission(self, request: Any) -> bool:
        return bool(request.user.has_perm(self.delete_permission))

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_restore_permission(self, request: Any, object_id: Any = None) -> bool:
        return self.has_module_permission(request)

    @admin.action(description=_("Restore"), permissions=["restore"])
    def restore(self, request: Any, rows: Any) -> None:
        chosen = list(rows.order_by("pk")[: AT_ONCE + 1])
        if len(chosen) > AT_ONCE:
            messages.error(request, _("Select at most %d rows at once.") % AT_ONCE)
            return
        self._restore_all(request, chosen)

    @action(
        description=_("Restore"),
        url_path="restore",
        icon="restore_from_trash",
        permissions=["restore"],
    )
    def restore_one(self, request: Any, object_id: str) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if request.method != "POST":
            intro = _("It comes back with all that hung on it.")
            verb = _("Restore")
            return self.form_page(request, forms.Form(), title=str(row), intro=intro, verb=verb)
        self._restore_all(request, [row])
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def _restore_all(self, request: Any, rows: list[Any]) -> None:
        """Restore each on its own: one that is refused keeps no other back."""
        count = 0
        for row in rows:
            try:
                with tenant_scope(row.tenant_id):
                    self.restore_row(row.pk)
            except NotFound:
                messages.error(request, f"{row}: " + _("It is not among the deleted any more."))
            except DomainError as refusal:
                messages.error(request, f"{row}: {refusal.message}")
            else:
                count += 1
        if count:
            text = ngettext("%d row restored.", "%d rows restored.", count) % count
            messages.success(request, text)
