"""The forms of the back office about events."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from accounts.users.models import User
from core.back_office import BackOfficeForm
from core.back_office_shown import remember_shown
from core.links import parse_link
from core.values import InvalidValue
from sales.events.attending import EVERYBODY, NEW, UNANSWERED
from sales.events.models import (
    FARTHEST_REMINDER,
    LONGEST_DESCRIPTION,
    LONGEST_LINK,
    LONGEST_TYPE,
    MOST_REMINDERS,
    NEAREST_REMINDER,
    TYPES,
    Event,
)

COLUMNS = (
    *("title", "type", "start_at", "end_at", "location", "online_url", "description"),
    *("is_mandatory", "max_attendees", "remind_before"),
)


class SuggestingInput(UnfoldAdminTextInputWidget):
    """A text for which some words are offered; others are as good."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        words = f"{name}-words"
        field = super().render(name, value, {**(attrs or {}), "list": words}, renderer)
        offered = format_html_join("", '<option value="{}">{}</option>', TYPES.items())
        return format_html('{}<datalist id="{}">{}</datalist>', field, words, offered)


def active_colleagues() -> Any:
    """Users of the tenant who may sign in."""
    return User.objects.filter(is_active=True, is_superuser=False).order_by("name", "pk")


class EventForm(BackOfficeForm):
    """An event; the service writes it."""

    type = forms.CharField(
        label=_("Type"),
        max_length=LONGEST_TYPE,
        initial="meeting",
        widget=SuggestingInput,
        help_text=_("meeting, webinar, training, or another word."),
    )
    online_url = forms.CharField(
        label=_("Online at"),
        max_length=LONGEST_LINK,
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": "https://"}),
    )
    description = forms.CharField(
        label=_("Description"),
        max_length=LONGEST_DESCRIPTION,
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
    )
    remind_before = SimpleArrayField(
        forms.IntegerField(min_value=NEAREST_REMINDER, max_value=FARTHEST_REMINDER),
        label=_("Remind so many minutes before"),
        max_length=MOST_REMINDERS,
        required=False,
        help_text=_("With commas between them: 60, 1440 is an hour and a day. Empty: nobody is."),
        widget=UnfoldAdminTextInputWidget,
    )
    owner = forms.ModelChoiceField(
        label=_("Owner"),
        queryset=User.objects.all(),
        required=False,
        widget=UnfoldAdminSelectWidget,
    )

    class Meta:
        model = Event
        fields = (*COLUMNS, "owner")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            remember_shown(self)
        if "owner" in self.fields:
            owner: Any = self.fields["owner"]
            mine = User.objects.filter(pk=self.instance.owner_id or 0)
            owner.queryset = (active_colleagues() | mine.order_by("name", "pk")).distinct()

    def clean_online_url(self) -> str:
        try:
            return parse_link(self.cleaned_data["online_url"], LONGEST_LINK)
        except InvalidValue as error:
            raise forms.ValidationError(_("A link begins with http:// or https://.")) from error

    def columns(self) -> dict[str, Any]:
        """Return what was typed as columns of the event: of one that exists, what was changed."""
        sent = self.cleaned_data
        typed = self.changed_data if self.instance.pk else sent
        values = {name: sent[name] for name in typed}
        if "owner" in values:
            owner = values.pop("owner")
            values["owner_id"] = owner and owner.pk
        return values


class InviteForm(forms.Form):
    """Whom an invitation is mailed to."""

    whom = forms.ChoiceField(
        label=_("To whom"),
        initial=NEW,
        choices=[
            (NEW, _("Whom no invitation has reached yet")),
            (UNANSWERED, _("Everybody who has not answered")),
            (EVERYBODY, _("Everybody on the list but who declined")),
        ],
        widget=UnfoldAdminRadioSelectWidget,
    )
