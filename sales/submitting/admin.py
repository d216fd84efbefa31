from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import action, display

from core.back_office import ReadOnlyAdmin
from core.back_office_charts import chart_context
from core.back_office_filters import DayRangeFilter
from core.tenancy import current_tenant
from sales.forms.models import FormSubmission
from sales.submitting.weeks import weeks_panel

COLORS = {"accepted": "success", "rejected": "danger"}


@admin.register(FormSubmission)
class FormSubmissionAdmin(ReadOnlyAdmin):
    """What visitors sent by web forms, and what came of it."""

    list_display = (
        *("sent_at", "form", "shown_contact", "shown_card", "assigned_to", "shown_state"),
    )
    list_select_related = ("form", "contact__prospect", "assigned_to")
    list_filter = (
        "state",
        "reason",
        ("form", RelatedDropdownFilter),
        ("assigned_to", RelatedDropdownFilter),
        ("created_at", DayRangeFilter),
    )
    list_fullwidth = True
    ordering = ("-pk",)
    fields = (
        *("form", "sent_at", "state", "reason", "shown_data"),
        *("shown_contact", "was_known", "shown_card", "assigned_to"),
        *("origin", "ip_address", "user_agent"),
    )
    actions_list = ("open_weeks",)

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).visible_to(request.user)

    # The chart -------------------------------------------------------------------------------
    def get_urls(self) -> Any:
        view = self.admin_site.admin_view(self.weeks_view)
        return [path("weeks/", view, name="sales_formsubmission_weeks"), *super().get_urls()]

    @action(description=_("By week"), url_path="to-weeks", icon="bar_chart")
    def open_weeks(self, request: Any) -> HttpResponse:
        return redirect("admin:sales_formsubmission_weeks")

    def weeks_view(self, request: Any) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if current_tenant() is None:
            return self.ask_for_tenant(request)
        seen = FormSubmission.objects.visible_to(request.user)
        shown = {
            **self.admin_site.each_context(request),
            **chart_context([weeks_panel(seen, at=timezone.now())]),
            "title": _("Form submissions"),
            "opts": self.opts,
        }
        return TemplateResponse(request, "sales/form/weeks.html", shown)

    # What is shown ---------------------------------------------------------------------------
    @display(description=_("state"), label=COLORS, ordering="state")
    def shown_state(self, submission: FormSubmission) -> tuple[str, Any]:
        return submission.state, submission.get_state_display()

    @display(description=_("contact"))
    def shown_contact(self, submission: FormSubmission) -> Any:
        contact = submission.contact
        return _link("prospects_contact", contact.pk, contact) if contact else "-"

    @display(description=_("card"))
    def shown_card(self, submission: FormSubmission) -> Any:
        card = submission.contact.prospect if submission.contact else None
        return _link("prospects_prospect", card.pk, card) if card else "-"

    @display(description=_("sent at"), ordering="pk")
    def sent_at(self, submission: FormSubmission) -> str:
        return date_format(timezone.localtime(submission.created_at), "SHORT_DATETIME_FORMAT")

    @display(description=_("what was sent"))
    def shown_data(self, submission: FormSubmission) -> Any:
        """As the form asks for it; what it does not ask for comes after that."""
        data, form = submission.data, submission.form
        labels = dict(form.fields.values_list("name", "label"))
        asked = [name for name in labels if name in data]
        others = [name for name in data if name not in labels and data[name] not in ("", None)]
        pairs = ((labels.get(name, name), _worded(data[name])) for name in (*asked, *others))
        rows = format_html_join(
            "", '<dt class="font-medium">{}</dt><dd class="mb-2 whitespace-pre-line">{}</dd>', pairs
        )
        return format_html("<dl>{}</dl>", rows)


def _link(model: str, pk: int, text: Any) -> Any:
    return format_html(
        '<a class="text-primary-600 font-medium" href="{}">{}</a>',
        reverse(f"admin:{model}_change", args=(pk,)),
        text,
    )


def _worded(value: Any) -> Any:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return "-" if value in (None, "") else str(value)
