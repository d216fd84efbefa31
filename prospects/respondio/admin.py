from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display
from unfold.widgets import UnfoldAdminPasswordWidget

from core.back_office import BackOfficeAdmin, BackOfficeForm, OfCardMixin, ReadOnlyAdmin
from prospects.respondio.models import RespondioAccount, RespondioDelivery
from prospects.respondio.services import resend

COLORS = {"pending": "warning", "sent": "success", "failed": "danger"}


class AccountForm(BackOfficeForm):
    """The token is written here and never shown again."""

    token = forms.CharField(
        label=_("Token"),
        max_length=500,
        required=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "off"}),
        help_text=_("Left empty, it stays as it is; without one, this server's own counts."),
    )
    forgets_token = forms.BooleanField(label=_("Forget the token"), required=False)

    class Meta:
        model = RespondioAccount
        fields = ("is_active",)

    def clean(self) -> Any:
        given = super().clean() or self.cleaned_data
        if not given.get("token") and not given.get("forgets_token"):
            given["token"] = self.instance.token
        return given


@admin.register(RespondioAccount)
class RespondioAccountAdmin(BackOfficeAdmin):
    """Whether and as whom new leads are sent to respond.io."""

    form = AccountForm
    list_display = ("name", "is_active", "has_token", "paused_until")
    fields = ("is_active", "token", "forgets_token")

    def has_add_permission(self, request: Any) -> bool:
        return super().has_add_permission(request) and not self.get_queryset(request).exists()

    @display(description=_("account"))
    def name(self, account: RespondioAccount) -> str:
        return str(account)

    @display(description=_("own token"), boolean=True)
    def has_token(self, account: RespondioAccount) -> bool:
        return bool(account.token)


@admin.register(RespondioDelivery)
class RespondioDeliveryAdmin(OfCardMixin, ReadOnlyAdmin):
    """New leads on their way to respond.io, and what it said."""

    list_display = ("prospect", "shown_status", "attempts", "answer_status", "due_at", "sent_at")
    list_select_related = ("prospect",)
    list_filter = ("status", "answer_status")
    ordering = ("-created_at", "-pk")
    search_fields = ("prospect__search_text",)
    actions = ("send_again",)
    fields = (
        "prospect",
        "status",
        "attempts",
        "due_at",
        "answer_status",
        "answer",
        "sent_at",
        "created_at",
    )

    def has_resend_permission(self, request: Any) -> bool:
        return bool(request.user.has_perm("prospects.change_respondiodelivery"))

    @display(description=_("status"), label=COLORS, ordering="status")
    def shown_status(self, delivery: RespondioDelivery) -> tuple[str, Any]:
        return delivery.status, delivery.get_status_display()

    @admin.action(description=_("Send again"), permissions=["resend"])
    def send_again(self, request: Any, deliveries: Any) -> None:
        ids = list(deliveries.values_list("pk", flat=True))
        count = resend(delivery_ids=ids, at=timezone.now())
        text = ngettext("%d lead is sent again.", "%d leads are sent again.", count) % count
        messages.success(request, text)
