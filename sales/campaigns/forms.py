from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from accounts.users.models import User
from core.back_office import BackOfficeForm
from prospects.contacts.forms import line
from prospects.contacts.models import Contact
from sales.mass_mail.models import LONGEST_CONTENT, Campaign
from sales.mass_mail.placeholders import FIELDS, UNSUBSCRIBE
from sales.mass_mail.suppressed import LONGEST_NOTE, SuppressedAddress

TYPED = ("name", "subject", "preheader", "segment", "scheduled_at", "content")


def _fields_help() -> Any:
    known = [*FIELDS.items(), (UNSUBSCRIBE, _("the link to unsubscribe; else it is added below"))]
    named = ((f"{{{{ {name} }}}}", label) for name, label in known)
    fields = format_html_join(", ", "<code>{}</code> {}", named)
    example = "{{ first_name|amigo }}"
    return format_html(
        '<span class="block">{}</span><span class="block mt-2">{} {}. {} <code>{}</code>.</span>',
        _("HTML. Scripts and forms are taken out; links and pictures begin with https://."),
        _("For each person is put in:"),
        fields,
        _("With a word for those of whom it is not known:"),
        example,
    )


class CampaignForm(BackOfficeForm):
    """A campaign that is not sent yet. The service writes."""

    content = forms.CharField(
        label=_("Content"),
        required=False,
        max_length=LONGEST_CONTENT,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 18, "spellcheck": "true"}),
    )

    class Meta:
        model = Campaign
        fields = TYPED

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "content" in self.fields:
            self.fields["content"].help_text = _fields_help()
        if "scheduled_at" in self.fields:
            self.fields["scheduled_at"].help_text = _("It counts once the campaign is scheduled.")

    def columns(self) -> dict[str, Any]:
        """Return what was sent as columns of the campaign."""
        values = {name: self.cleaned_data[name] for name in TYPED if name in self.cleaned_data}
        if "segment" in values:
            segment = values.pop("segment")
            values["segment_id"] = segment and segment.pk
        return values


class ScheduleForm(forms.Form):
    """When a campaign is sent."""

    scheduled_at = forms.SplitDateTimeField(
        label=_("Scheduled for"), widget=UnfoldAdminSplitDateTimeWidget
    )

    def clean_scheduled_at(self) -> Any:
        moment = self.cleaned_data["scheduled_at"]
        if moment <= timezone.now():
            raise forms.ValidationError(_("A time to come is needed."))
        return moment


class TestForm(forms.Form):
    """To which colleague a campaign is mailed, as which contact would get it."""

    to = forms.ModelChoiceField(
        label=_("Colleague"), queryset=User.objects.none(), widget=UnfoldAdminSelectWidget
    )
    contact = forms.ModelChoiceField(
        label=_("As it would be for"),
        queryset=Contact.objects.none(),
        required=False,
        empty_label=_("Somebody made up"),
        widget=UnfoldAdminSelectWidget,
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = User.objects.active().order_by("name", "pk")
        self.fields["to"].queryset = colleagues  # type: ignore[attr-defined]
        self.fields["contact"].queryset = people  # type: ignore[attr-defined]


class SuppressForm(BackOfficeForm):
    """An address that gets no campaigns. The service writes."""

    address = line(_("Email"), 254)

    class Meta:
        model = SuppressedAddress
        fields = ("address", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "address" in self.fields:
            self.fields["address"].required = True

    def _check_constraints(self) -> None:
        """The service looks, at the address as it is kept."""


class AllowForm(forms.Form):
    """Why an address may be written to again."""

    note = forms.CharField(
        label=_("Why"), max_length=LONGEST_NOTE, widget=UnfoldAdminTextInputWidget
    )
