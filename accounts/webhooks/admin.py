from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminURLInputWidget

from accounts.webhooks.events import known_events
from accounts.webhooks.models import LONGEST_URL, WebhookDelivery, WebhookEndpoint
from accounts.webhooks.sending import replay
from accounts.webhooks.services import create_endpoint, edit_endpoint, renew_secret
from core.back_office import BackOfficeAdmin, BackOfficeForm, ReadOnlyAdmin
from core.errors import DomainError

COLORS = {"pending": "warning", "sent": "success", "failed": "danger"}
SECRET = _("The secret that signs what is sent, shown this once: %s")


class EndpointForm(BackOfficeForm):
    """An address and the events it is told of."""

    url = forms.CharField(
        label=_("Address"), max_length=LONGEST_URL, widget=UnfoldAdminURLInputWidget
    )
    events = forms.MultipleChoiceField(
        label=_("Events"),
        choices=lambda: list(known_events().items()),
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(BackOfficeAdmin):
    """The tenant's own systems that are told of what happens."""

    form = EndpointForm
    list_display = ("url", "is_active", "failing_since", "created_at")
    list_filter = ("is_active",)
    ordering = ("pk",)
    fields = ("url", "events", "is_active", "failing_since")
    readonly_fields = ("failing_since",)
    actions = None
    actions_detail = ("new_secret",)

    def save_model(self, request: Any, obj: Any, form: forms.ModelForm, change: bool) -> None:
        given = {name: form.cleaned_data[name] for name in ("url", "events", "is_active")}
        if change:
            edit_endpoint(endpoint_id=obj.pk, **given)
            return
        made = create_endpoint(**given)
        obj.pk = made.pk
        messages.warning(request, SECRET % made.secret)

    def has_renew_permission(self, request: Any, object_id: Any = None) -> bool:
        return self.has_change_permission(request)

    @action(description=_("New secret"), url_path="secret", icon="key", permissions=["renew"])
    def new_secret(self, request: Any, object_id: str) -> HttpResponse:
        endpoint = self.get_object(request, object_id)
        if endpoint is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if request.method != "POST":
            intro = _("From then on nothing is signed with the one that is known now.")
            return self.form_page(
                request, forms.Form(), title=endpoint.url, intro=intro, verb=_("New secret")
            )
        messages.warning(request, SECRET % renew_secret(endpoint_id=endpoint.pk).secret)
        return redirect(reverse("admin:accounts_webhookendpoint_change", args=(object_id,)))


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyAdmin):
    """What was sent to the tenant's systems, what they said, and what waits."""

    list_display = ("event", "endpoint", "shown_status", "attempts", "answer_status", "created_at")
    list_select_related = ("endpoint",)
    list_filter = ("status", "event", "endpoint")
    ordering = ("-created_at", "-pk")
    actions = ("send_again",)
    fields = (
        *("endpoint", "event", "data", "status", "attempts", "due_at"),
        *("answer_status", "answer", "sent_at", "created_at"),
    )

    def has_replay_permission(self, request: Any) -> bool:
        return bool(request.user.has_perm("accounts.change_webhookendpoint"))

    @display(description=_("status"), label=COLORS, ordering="status")
    def shown_status(self, delivery: WebhookDelivery) -> tuple[str, Any]:
        return delivery.status, delivery.get_status_display()

    @admin.action(description=_("Send again"), permissions=["replay"])
    def send_again(self, request: Any, deliveries: Any) -> None:
        ids = list(deliveries.values_list("pk", flat=True))
        try:
            count = replay(delivery_ids=ids, at=timezone.now())
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return
        text = ngettext("%d delivery is sent again.", "%d deliveries are sent again.", count)
        messages.success(request, text % count)
