"""The forms of the back office about segments."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.utils.translation import gettext_lazy as _

from core.back_office import BackOfficeForm
from core.back_office_choices import LookedUp
from prospects.contacts.models import Contact
from sales.segment_pages.builder import ConditionsField
from sales.segments.models import Segment, SegmentMember


class SegmentForm(BackOfficeForm):
    """A segment with its conditions; a static one has none."""

    conditions = ConditionsField(label=_("Conditions"), required=False)

    class Meta:
        model = Segment
        fields = ("name", "type", "conditions")

    def clean(self) -> Any:
        sent = super().clean() or self.cleaned_data
        if sent.get("type", self.instance.type) == Segment.Type.STATIC:
            sent["conditions"] = []  # what was put together before it was made static
        return sent


class _PeopleWidget(LookedUp, AutocompleteSelectMultiple):
    """Looks people up while one types."""


class PeopleForm(forms.Form):
    """People to put into a static segment."""

    people = forms.ModelMultipleChoiceField(
        label=_("Put people in"),
        queryset=Contact.objects.none(),
        widget=_PeopleWidget(SegmentMember._meta.get_field("contact"), admin.site),
    )

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["people"]
        people.queryset = Contact.objects.visible_to(by, are_few=True)
