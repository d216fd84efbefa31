"""Addresses that get no campaigns, in the back office."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from core.back_office import BackOfficeAdmin
from core.back_office_one import OneRow
from sales.campaigns.forms import AllowForm, SuppressForm
from sales.campaigns.recipients import moment_column
from sales.mass_mail.suppressed import SuppressedAddress, allow_again, suppress_by_hand

CHANGE = "sales.change_suppressedaddress"
KNOWN = ("address", "reason", "note", "campaign", "created_by", "since")
ENDED = ("ended_at", "ended_by", "ended_note")


class EndedFilter(SimpleListFilter):
    """Those that are suppressed now or, when asked for, those that are allowed again."""

    title = _("allowed again")
    parameter_name = "ended"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Yes"))]

    def queryset(self, request: Any, queryset: Any) -> Any:
        if request.resolver_match and request.resolver_match.kwargs.get("object_id"):
            return queryset
        return queryset.filter(ended_at__isnull=self.value() != "yes")


@admin.register(SuppressedAddress)
class SuppressedAddressAdmin(OneRow, BackOfficeAdmin):
    """Who unsubscribed, whose mails came back, who complained; added by hand, allowed again."""

    form = SuppressForm
    list_display = ("address", "reason", "note", "campaign", "since")
    since = moment_column("created_at", _("since"))
    list_filter = ("reason", EndedFilter)
    list_select_related = ("campaign",)
    ordering = ("-pk",)
    search_fields = ("address",)
    actions: Any = None
    actions_detail = ("allow",)
    change_form_outer_before_template = "prospects/quick_actions.html"

    # Whoever may only look at campaigns would see here addresses of people whom they do not see.
    def has_module_permission(self, request: Any) -> bool:
        return bool(request.user.has_perm(CHANGE))

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_act_permission(self, request: Any, object_id: Any = None) -> bool:
        return self.has_module_permission(request)

    def get_actions_detail(self, request: Any, object_id: Any) -> Any:
        row = self.row_of(request, object_id)
        is_over = row is None or row.ended_at is not None
        return [] if is_over else super().get_actions_detail(request, object_id)

    def get_readonly_fields(self, request: Any, obj: Any = None) -> Any:
        return ("since",) if obj else ()

    def get_fieldsets(self, request: Any, obj: Any = None) -> Any:
        if obj is None:
            return [(None, {"fields": ("address", "note")})]
        return [(None, {"fields": (*KNOWN, *(ENDED if obj.ended_at else ()))})]

    def render_change_form(
        self, request: Any, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        if obj is not None:
            context["quick_actions"] = context.pop("actions_detail", ())
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        given = form.cleaned_data
        obj.pk = suppress_by_hand(
            address=given["address"], note=given["note"], by=request.user, at=timezone.now()
        ).pk

    @action(
        description=_("Allow again"),
        url_path="allow",
        icon="mark_email_read",
        permissions=["act"],
    )
    def allow(self, request: Any, object_id: str) -> HttpResponse:
        def do(row: Any, given: dict[str, Any]) -> None:
            allow_again(suppressed_id=row.pk, by=request.user, at=timezone.now(), **given)

        return self.confirm(
            request,
            object_id,
            do,
            verb=_("Allow again"),
            done=_("Campaigns reach this address again."),
            intro=_("Only if its owner wants it: who unsubscribed has said no."),
            form_of=lambda data, row: AllowForm(data),
        )
