"""The people on the list of an event, on its page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from accounts.users.models import User
from core.back_office import BackOfficeForm, short_day, without_icons
from core.back_office_choices import SeenChoices
from core.back_office_shown import remember_shown
from sales.event_desk.forms import active_colleagues
from sales.events.answering import answer
from sales.events.attending import add_attendee, remove_attendee
from sales.events.models import Attendee
from sales.invitations.models import EventMail


class OfEvent:
    """Mixed into the inlines: people are part of the event."""

    model = Attendee
    fk_name = "event"
    tab = True

    def _may(self, request: Any, obj: Any = None) -> bool:
        return bool(request.user.has_perm("sales.change_event"))

    has_add_permission = has_change_permission = has_delete_permission = _may


class ListedForm(forms.ModelForm):
    """What somebody on the list answered. They may answer themselves while the page is open."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        remember_shown(self)


class ListedInline(OfEvent, TabularInline):
    """Who is on the list, as far as the user sees them, and what they answered."""

    form = ListedForm
    verbose_name_plural = _("attendees")
    fields = ("person", "status", "shown_answered", "shown_came", "shown_mail")
    readonly_fields = ("person", "shown_answered", "shown_came", "shown_mail")
    extra = max_num = 0
    per_page = 50
    hide_title = True
    ordering = ("pk",)

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: Any) -> Any:
        seen = super().get_queryset(request).visible_to(request.user)
        mails = EventMail.objects.filter(attendee=OuterRef("pk")).order_by("-pk")
        states = seen.annotate(mail_status=Subquery(mails.values("status")[:1]))
        return states.select_related("contact", "user")

    @display(description=_("name"))
    def person(self, attendee: Attendee) -> str:
        return f"{attendee.name or '-'} · {attendee.email or '-'}"

    @display(description=_("answered"))
    def shown_answered(self, attendee: Attendee) -> str:
        return short_day(attendee.answered_at)

    @display(description=_("checked in"))
    def shown_came(self, attendee: Attendee) -> Any:
        return attendee.checked_in_at or "-"

    @display(description=_("last mail"))
    def shown_mail(self, attendee: Any) -> str:
        status = attendee.mail_status
        return str(EventMail.Status(status).label) if status else "-"


class NewPersonForm(BackOfficeForm):
    """A contact or a colleague who is to be on the list."""

    user = forms.ModelChoiceField(
        label=_("Colleague"),
        queryset=User.objects.all(),
        required=False,
        widget=UnfoldAdminSelectWidget,
    )

    class Meta:
        model = Attendee
        fields = ("contact", "user")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user: Any = self.fields["user"]
        user.queryset = active_colleagues()


class NewPeopleInline(OfEvent, SeenChoices, TabularInline):
    """Who is to be on the list: they are invited by mail when the event is saved."""

    verbose_name = _("attendee")
    verbose_name_plural = _("invite more")
    form = NewPersonForm
    fields = ("contact", "user")
    autocomplete_fields = ("contact",)
    extra = 1
    can_delete = False

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        return without_icons(super().formfield_for_dbfield(db_field, request, **kwargs))

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).none()


def save_people(formset: Any, *, event_id: int, by: Any, at: datetime) -> int:
    """Write what was done to the list on the page; return how many were added.

    :raises DomainError: a service refuses one of them; none is written.
    """
    added = 0
    for form in formset.forms:
        if not form.has_changed():
            continue
        given, known = form.cleaned_data, form.instance.pk
        who = {"event_id": event_id, "by": by, "at": at}
        if known and given.get("DELETE"):
            remove_attendee(attendee_id=known, **who)
        elif known and "status" in form.changed_data:
            answer(attendee_id=known, status=given["status"], **who)
        elif not known:
            contact, user = given.get("contact"), given.get("user")
            people = {"contact_id": contact and contact.pk, "user_id": user and user.pk}
            add_attendee(**people, **who)
            added += 1
    return added
