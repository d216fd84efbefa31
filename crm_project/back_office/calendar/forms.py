"""What is sent from the calendar."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextareaWidget,
)

from core.back_office_choices import LONGEST_ID, LookUp
from crm_project.back_office.calendar.asked import FIRST_DAY, LAST_DAY
from crm_project.back_office.calendar.kinds import KINDS, LOGGED
from prospects.followups.models import FollowUpNote
from prospects.pipeline.models import Prospect

LONGEST_NOTE = 10_000
DAYS = (MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY))


class SeenForm(forms.Form):
    """One thing of the calendar, at the moment at which its sender saw it."""

    kind = forms.ChoiceField(choices=[(name, name) for name in KINDS])
    id = forms.RegexField(rf"^[0-9]{{1,{LONGEST_ID}}}$")
    seen = forms.CharField(max_length=40)

    def clean_seen(self) -> datetime:
        try:
            seen = datetime.fromisoformat(self.cleaned_data["seen"])
        except ValueError as error:
            raise forms.ValidationError(_("This is not a moment.")) from error
        if seen.tzinfo is None or not FIRST_DAY <= seen.date() <= LAST_DAY:
            raise forms.ValidationError(_("This is not a moment."))
        return seen


class MoveForm(SeenForm):
    """Another day, and another time of day unless it is to stay."""

    day = forms.DateField(input_formats=["%Y-%m-%d"], validators=DAYS)
    clock = forms.TimeField(input_formats=["%H:%M"], required=False)

    def to(self) -> datetime:
        """The moment to which it is moved: the time of day stays as the clock on the wall shows it.

        An hour that a day does not have, when clocks are put forward, is the one after it.
        """
        given = self.cleaned_data
        clock = given["clock"] or timezone.localtime(given["seen"]).time().replace(fold=0)
        return timezone.make_aware(datetime.combine(given["day"], clock))


class LogForm(SeenForm):
    """What came of it, and what is next."""

    kind = forms.ChoiceField(choices=[(name, name) for name in LOGGED])
    result = forms.CharField(max_length=LONGEST_NOTE, required=False)
    action = forms.ChoiceField(choices=[("", ""), *FollowUpNote.Action.choices], required=False)
    next_day = forms.DateField(input_formats=["%Y-%m-%d"], required=False, validators=DAYS)
    next_clock = forms.TimeField(input_formats=["%H:%M"], required=False)

    def given(self) -> dict[str, Any]:
        """What the services ask for; the next one is at the same time of day unless one is said."""
        sent = self.cleaned_data
        next_at, day = None, sent["next_day"]
        if day is not None:
            clock = sent["next_clock"] or timezone.localtime(sent["seen"]).time().replace(fold=0)
            next_at = timezone.make_aware(datetime.combine(day, clock))
        return {"result": sent["result"], "action": sent["action"], "next_at": next_at}


class PlanForm(forms.Form):
    """A follow-up of a card."""

    prospect: Any = forms.ModelChoiceField(label=_("Prospect"), queryset=None)
    scheduled_at = forms.SplitDateTimeField(
        label=_("Next contact"), widget=UnfoldAdminSplitDateTimeWidget
    )
    action = forms.ChoiceField(
        label=_("Action"), choices=FollowUpNote.Action.choices, widget=UnfoldAdminSelectWidget
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=LONGEST_NOTE,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = FollowUpNote._meta.get_field("prospect")
        cards = self.fields["prospect"]
        cards.widget = LookUp(field, admin.site)
        cards.queryset = Prospect.objects.visible_to(user)  # type: ignore[attr-defined]

    def clean_scheduled_at(self) -> datetime:
        planned: datetime = self.cleaned_data["scheduled_at"]
        if not FIRST_DAY <= planned.date() <= LAST_DAY:
            raise forms.ValidationError(_("There is no such day in the calendar."))
        return planned
