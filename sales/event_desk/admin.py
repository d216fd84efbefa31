from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from django.contrib import admin, messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import action, display

from core.back_office import BackOfficeAdmin
from core.back_office_filters import DayRangeFilter
from core.back_office_one import OneRow
from prospects.pipeline.searching import search_pattern
from sales.event_desk.check_in import check_in_page
from sales.event_desk.filters import TypeFilter, WhenFilter
from sales.event_desk.forms import EventForm, InviteForm
from sales.event_desk.people import ListedInline, NewPeopleInline, save_people
from sales.event_desk.wording import worded
from sales.events.attending import invite_attendees
from sales.events.models import TYPES, Event
from sales.events.services import (
    call_off_undelivered,
    cancel_event,
    create_event,
    delete_event,
    edit_event,
)
from sales.guests.reminders import remind_now

FIELDS = (
    "title",
    ("type", "owner"),
    "start_at",
    "end_at",
    ("location", "online_url"),
    ("max_attendees", "is_mandatory"),
    "remind_before",
    "description",
)
KNOWN = ("state", "shown_seats", "shown_listed", "shown_came")


@admin.register(Event)
class EventAdmin(OneRow, BackOfficeAdmin):
    """The tenant's events: the next ones first, their people, who is told and who came."""

    form = EventForm
    list_display = (
        *("title", "shown_type", "shown_start", "location", "shown_seats", "shown_listed"),
        *("shown_came", "owner", "shown_state"),
    )
    list_select_related = ("owner",)
    list_filter = (
        WhenFilter,
        TypeFilter,
        ("owner", RelatedDropdownFilter),
        ("start_at", DayRangeFilter),
    )
    list_fullwidth = True
    search_fields = ("search_text",)
    search_help_text = _("Title or place")
    actions = ()
    actions_detail = ("open_check_in", "invite", "remind", "cancel", "tell_again")

    # Which, in which order -------------------------------------------------------------------
    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).with_counts()

    def get_ordering(self, request: Any) -> Any:
        is_past = request.GET.get(WhenFilter.parameter_name) in ("past", "all")
        return ("-start_at", "-pk") if is_past else ("start_at", "pk")

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> Any:
        pattern = search_pattern(search_term)
        return (queryset.filter(search_text__like=pattern) if pattern else queryset), False

    def get_actions(self, request: Any) -> Any:
        """Without Django's own deleting of many, which would tell nobody."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def get_deleted_objects(self, objs: Any, request: Any) -> Any:
        """Nothing that hangs on an event is missed without it."""
        return [str(event) for event in objs], {}, set(), []

    def has_change_permission(self, request: Any, obj: Event | None = None) -> bool:
        """What is cancelled stays as it was."""
        is_off = obj is not None and obj.cancelled_at is not None
        return super().has_change_permission(request, obj) and not is_off

    def has_act_permission(self, request: Any, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("sales.change_event"))

    def worded(self, row: Any) -> AbstractContextManager[Any]:
        return worded()

    # The form --------------------------------------------------------------------------------
    def get_fieldsets(self, request: Any, obj: Event | None = None) -> Any:
        return [(None, {"fields": (*FIELDS, *(KNOWN if obj else ()))})]

    def get_readonly_fields(self, request: Any, obj: Event | None = None) -> Any:
        return KNOWN if obj else ()

    def get_inlines(self, request: Any, obj: Event | None) -> Any:
        if obj is None:
            return (NewPeopleInline,)
        may_invite = self.has_change_permission(request, obj)
        return (ListedInline, NewPeopleInline) if may_invite else (ListedInline,)

    def get_changeform_initial_data(self, request: Any) -> dict[str, Any]:
        mine = {} if request.user.is_superuser else {"owner": request.user.pk}
        return {**mine, **super().get_changeform_initial_data(request)}

    # What is written -------------------------------------------------------------------------
    def save_model(self, request: Any, obj: Event, form: Any, change: bool) -> None:
        values, by, at = form.columns(), request.user, timezone.now()
        with worded():
            if change and values:
                edit_event(event_id=obj.pk, values=values, by=by, at=at)
            elif not change:
                obj.pk = create_event(values=values, by=by, at=at).pk

    def save_formset(self, request: Any, form: Any, formset: Any, change: bool) -> None:
        by, at = request.user, timezone.now()
        with worded():
            added = save_people(formset, event_id=form.instance.pk, by=by, at=at)
        if added:
            _say_invited(request, added)
        formset.new_objects = formset.changed_objects = formset.deleted_objects = []

    def delete_model(self, request: Any, obj: Event) -> None:
        delete_event(event_id=obj.pk, by=request.user, at=timezone.now())

    # What is done with one -------------------------------------------------------------------
    def get_urls(self) -> Any:
        view = self.admin_site.admin_view(self.check_in_view)
        own = path("<int:event_id>/check-in/", view, name="sales_event_check_in")
        return [own, *super().get_urls()]

    def check_in_view(self, request: Any, event_id: int) -> HttpResponse:
        event = self.get_object(request, str(event_id))
        if event is None or not self.has_act_permission(request):
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(event_id))
        return check_in_page(request, event, self.admin_site.each_context(request))

    @action(
        description=_("Check in"), url_path="to-check-in", icon="how_to_reg", permissions=["act"]
    )
    def open_check_in(self, request: Any, object_id: str) -> HttpResponse:
        return redirect("admin:sales_event_check_in", object_id)

    @action(description=_("Invite"), url_path="invite", icon="send", permissions=["act"])
    def invite(self, request: Any, object_id: str) -> HttpResponse:
        def do(event: Event, given: Any) -> None:
            _say_invited(request, invite_attendees(**_who(request, event), **given))

        intro = _("Each gets a mail with a link to answer by, and a file for their calendar.")
        return self.confirm(
            request,
            object_id,
            do,
            verb=_("Invite"),
            intro=intro,
            form_of=lambda data, event: InviteForm(data),
        )

    @action(description=_("Remind"), url_path="remind", icon="alarm", permissions=["act"])
    def remind(self, request: Any, object_id: str) -> HttpResponse:
        def do(event: Event, given: Any) -> None:
            count = remind_now(**_who(request, event))
            text = ngettext("%d reminder is on its way.", "%d reminders are on their way.", count)
            messages.success(request, text % count)

        intro = _("Whoever accepted or has not answered yet is reminded now.")
        return self.confirm(request, object_id, do, verb=_("Remind"), intro=intro)

    @action(description=_("Call it off"), url_path="cancel", icon="event_busy", permissions=["act"])
    def cancel(self, request: Any, object_id: str) -> HttpResponse:
        def do(event: Event, given: Any) -> None:
            cancel_event(**_who(request, event))

        intro = _("It stays in the list, and whoever was invited gets a mail. It stays called off.")
        done = _("It is called off. Whoever was invited is told.")
        return self.confirm(request, object_id, do, verb=_("Call it off"), done=done, intro=intro)

    @action(
        description=_("Tell again who need not come"),
        url_path="tell-again",
        icon="forward_to_inbox",
        permissions=["act"],
    )
    def tell_again(self, request: Any, object_id: str) -> HttpResponse:
        def do(event: Event, given: Any) -> None:
            count = call_off_undelivered(event_id=event.pk, at=timezone.now())
            text = ngettext("%d mail is on its way.", "%d mails are on their way.", count)
            messages.success(request, text % count)

        intro = _("Whoever was told that they need not come, by a mail that may not have arrived.")
        return self.confirm(request, object_id, do, verb=_("Tell again"), intro=intro)

    # Columns ---------------------------------------------------------------------------------
    @display(description=_("type"), ordering="type")
    def shown_type(self, event: Event) -> str:
        return str(TYPES.get(event.type, event.type))

    @display(description=_("begins"), ordering="start_at")
    def shown_start(self, event: Event) -> str:
        return date_format(timezone.localtime(event.start_at), "SHORT_DATETIME_FORMAT")

    @display(description=_("come"))
    def shown_seats(self, event: Any) -> str:
        seats = f" / {event.max_attendees}" if event.max_attendees else ""
        return f"{event.accepted_count}{seats}"

    @display(description=_("on the list"))
    def shown_listed(self, event: Any) -> str:
        return str(event.attendees_count)

    @display(description=_("came"))
    def shown_came(self, event: Any) -> str:
        return str(event.checked_in_count)

    @display(description=_("state"), label={"on": "success", "off": "danger", "over": "default"})
    def shown_state(self, event: Event) -> tuple[str, Any]:
        if event.cancelled_at is not None:
            return "off", _("Called off")
        return ("over", _("Over")) if event.is_over(timezone.now()) else ("on", _("Upcoming"))

    @display(description=_("state"))
    def state(self, event: Event) -> str:
        return str(self.shown_state(event)[1])


def _who(request: Any, event: Event) -> dict[str, Any]:
    """Which event, who does something to it, and when, as services are told."""
    return {"event_id": event.pk, "by": request.user, "at": timezone.now()}


def _say_invited(request: Any, count: int) -> None:
    text = ngettext("%d invitation is on its way.", "%d invitations are on their way.", count)
    messages.success(request, text % count)
