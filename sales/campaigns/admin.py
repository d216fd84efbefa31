from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.clickjacking import xframe_options_sameorigin
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import action, display

from core.back_office import BackOfficeAdmin, short_day
from prospects.contacts.models import Contact
from sales.campaigns.forms import TYPED, CampaignForm, ScheduleForm, TestForm
from sales.campaigns.results import results_of
from sales.campaigns.services import (
    create_campaign,
    delete_campaign,
    edit_campaign,
    sample_person,
    send_test,
)
from sales.desk.one import OneOfSales
from sales.desk.wording import worded
from sales.documents.states import Move, WrongState
from sales.mass_mail.freezing import count_recipients
from sales.mass_mail.letters import mold_of
from sales.mass_mail.models import Campaign
from sales.mass_mail.people import person_of
from sales.mass_mail.services import (
    cancel_campaign,
    pause_campaign,
    resume_campaign,
    schedule_campaign,
    send_campaign,
)
from sales.mass_mail.states import CANCEL, DELETE, EDIT, PAUSE, RESUME, SCHEDULE, SEND
from sales.segments.membership import members

COLORS = {
    "draft": "default",
    "scheduled": "info",
    "sending": "info",
    "paused": "warning",
    "sent": "success",
    "failed": "danger",
    "cancelled": "default",
}
KNOWN = ("state_today", "created_by")
MOST_PEOPLE = 20  # to choose from whom a mail is shown as
# Nothing in a mail runs here, whatever it says: it is shown as from nowhere.
SANDBOX = (
    "sandbox; default-src 'none'; img-src https: http: data:; style-src 'unsafe-inline'; "
    "form-action 'none'"
)


def _with_subject(letter: Any) -> str:
    """The HTML of a mail, its subject above it."""
    style = "margin:0 0 16px;padding:8px 12px;background:#f3f4f6;font:600 14px sans-serif"
    shown = format_html('<p style="{}">{}</p>', style, letter.subject)
    html = str(letter.alternatives[0].content)
    return html.replace("<body>", f"<body>{shown}", 1)


@admin.register(Campaign)
class CampaignAdmin(OneOfSales, BackOfficeAdmin):
    """Campaigns: written and looked at, sent, stopped, and what became of them."""

    form = CampaignForm
    MOVES: ClassVar[Any] = {
        "send": SEND,
        "schedule": SCHEDULE,
        "pause": PAUSE,
        "resume": RESUME,
        "cancel_it": CANCEL,
        "test": Move("tested", (*EDIT.sources, *PAUSE.sources, *RESUME.sources)),
    }
    list_display = ("name", "shown_status", "segment", "when", "created_by")
    list_filter = ("status", ("segment", RelatedDropdownFilter))
    list_select_related = ("segment", "created_by")
    list_fullwidth = True
    ordering = ("-pk",)
    search_fields = ("name", "subject")
    actions: Any = None  # one at a time: each is looked at before
    actions_detail = ("send", "schedule", "test", "pause", "resume", "cancel_it")
    change_form_outer_before_template = "prospects/quick_actions.html"
    change_form_outer_after_template = "sales/campaign_more.html"

    # The form --------------------------------------------------------------------------------
    def get_fieldsets(self, request: Any, obj: Any = None) -> Any:
        fields = ("name", "subject", "preheader", "segment", "scheduled_at", "content")
        problem = ("problem",) if obj and obj.problem else ()
        known = (KNOWN, *problem) if obj else ()
        return [(None, {"fields": (*known, *fields)})]

    def get_readonly_fields(self, request: Any, obj: Any = None) -> Any:
        if obj is None:
            return ()
        known = (*KNOWN, "problem")
        return known if obj.status in EDIT.sources else (*known, *TYPED)

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or obj.status in DELETE.sources)

    def render_change_form(
        self, request: Any, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        if obj is not None:
            # In unfold's own place a phone shows them only behind a menu.
            context["quick_actions"] = context.pop("actions_detail", ())
            context |= {"people": self.people_of(request, obj), **results_of(obj)}
            if obj.status not in EDIT.sources:
                hidden = ("show_save", "show_save_and_continue", "show_save_and_add_another")
                context |= dict.fromkeys(hidden, False)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def people_of(self, request: Any, campaign: Campaign) -> Any:
        """Some of whom it goes to, of those whom the user sees."""
        if campaign.segment is None:
            return Contact.objects.none()
        seen = members(campaign.segment).exclude(email="")
        return seen.visible_to(request.user).select_related("prospect").order_by("pk")[:MOST_PEOPLE]

    # What is written -------------------------------------------------------------------------
    def save_model(self, request: Any, obj: Campaign, form: Any, change: bool) -> None:
        values, by, at = form.columns(), request.user, timezone.now()
        with worded(obj):
            if set(TYPED) & set(request.POST) - set(form.fields):
                raise WrongState("It was sent while somebody wrote: this is shown, not typed.")
            if change:
                edit_campaign(campaign_id=obj.pk, values=values, by=by, at=at)
            else:
                obj.pk = create_campaign(values=values, by=by, at=at).pk

    def delete_model(self, request: Any, obj: Campaign) -> None:
        with worded(obj):
            delete_campaign(campaign_id=obj.pk, by=request.user, at=timezone.now())

    def get_deleted_objects(self, objs: Any, request: Any) -> Any:
        """A draft has no mails that could be missed."""
        return [str(campaign) for campaign in objs], {}, set(), []

    # What is done ----------------------------------------------------------------------------
    def _do(self, request: Any, service: Callable[..., Any]) -> Callable[[Any, Any], None]:
        def do(row: Any, given: dict[str, Any]) -> None:
            service(campaign_id=row.pk, by=request.user, at=timezone.now(), **given)

        return do

    def _reach(self, request: Any, object_id: str) -> str:
        """To how many people a campaign goes, in words."""
        number = count_recipients(self.row_of(request, object_id))
        words = ngettext("It goes to %d person.", "It goes to %d people.", number)
        return words % number

    @action(description=_("Send now"), url_path="send", icon="send", permissions=["act"])
    def send(self, request: Any, object_id: str) -> HttpResponse:
        return self.confirm(
            request,
            object_id,
            self._do(request, send_campaign),
            verb=_("Send now"),
            done=_("It is being sent."),
            intro=lambda: (
                f"{self._reach(request, object_id)} {_('What is sent cannot be taken back.')}"
            ),
        )

    @action(
        description=_("Schedule"),
        url_path="schedule",
        icon="schedule_send",
        permissions=["act"],
    )
    def schedule(self, request: Any, object_id: str) -> HttpResponse:
        return self.confirm(
            request,
            object_id,
            self._do(request, schedule_campaign),
            verb=_("Schedule"),
            done=_("It is scheduled."),
            intro=lambda: self._reach(request, object_id),
            form_of=lambda data, row: ScheduleForm(
                data, initial={"scheduled_at": row.scheduled_at}
            ),
        )

    @action(description=_("Test mail"), url_path="test", icon="outgoing_mail", permissions=["act"])
    def test(self, request: Any, object_id: str) -> HttpResponse:
        return self.confirm(
            request,
            object_id,
            lambda row, given: send_test(campaign=row, **given),
            verb=_("Test mail"),
            done=_("The mail is on its way to your colleague."),
            form_of=lambda data, row: TestForm(
                data,
                people=Contact.objects.filter(
                    pk__in=[each.pk for each in self.people_of(request, row)]
                ),
                initial={"to": request.user.pk},
            ),
        )

    @action(description=_("Pause"), url_path="pause", icon="pause", permissions=["act"])
    def pause(self, request: Any, object_id: str) -> HttpResponse:
        do = self._do(request, pause_campaign)
        return self.confirm(request, object_id, do, verb=_("Pause"), done=_("It is paused."))

    @action(description=_("Go on"), url_path="resume", icon="play_arrow", permissions=["act"])
    def resume(self, request: Any, object_id: str) -> HttpResponse:
        do = self._do(request, resume_campaign)
        return self.confirm(request, object_id, do, verb=_("Go on"), done=_("It is being sent."))

    @action(description=_("Call off"), url_path="cancel", icon="block", permissions=["act"])
    def cancel_it(self, request: Any, object_id: str) -> HttpResponse:
        return self.confirm(
            request,
            object_id,
            self._do(request, cancel_campaign),
            verb=_("Call off"),
            done=_("It is called off."),
            intro=_("Who has not got it yet never will. One that is called off stays so."),
        )

    # The preview -----------------------------------------------------------------------------
    def get_urls(self) -> Any:
        view = self.admin_site.admin_view(xframe_options_sameorigin(self.preview_view))
        name = "sales_campaign_preview"
        return [path("<path:object_id>/preview/", view, name=name), *super().get_urls()]

    def preview_view(self, request: Any, object_id: str) -> HttpResponse:
        """The mail as one person gets it, for a frame in which nothing runs."""
        row = self.row_of(request, object_id)
        if row is None:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        chosen = request.GET.get("contact", "")
        known = {str(each.pk): each for each in self.people_of(request, row)}
        contact = known.get(chosen)
        person = person_of(contact) if contact else sample_person(request.user)
        letter = mold_of(row, is_counted=False).letter_to(person)
        answer = HttpResponse(_with_subject(letter))
        answer["Content-Security-Policy"] = SANDBOX
        answer["Referrer-Policy"] = "no-referrer"
        return answer

    # Columns ---------------------------------------------------------------------------------
    @display(description=_("status"), label=COLORS, ordering="status")
    def shown_status(self, campaign: Campaign) -> tuple[str, str]:
        return campaign.status, campaign.get_status_display()

    @display(description=_("status"))
    def state_today(self, campaign: Campaign) -> str:
        return campaign.get_status_display()

    @display(description=_("sent or scheduled"), ordering="sent_at")
    def when(self, campaign: Campaign) -> str:
        return short_day(campaign.sent_at or campaign.started_at or campaign.scheduled_at)
