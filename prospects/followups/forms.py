from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextareaWidget,
)

from prospects.followups.models import FollowUpNote
from prospects.pipeline.models import FollowUpCategory


class NoteForm(forms.Form):
    """What was done or said, what comes next."""

    action = forms.ChoiceField(
        label=_("Action"), choices=FollowUpNote.Action.choices, widget=UnfoldAdminSelectWidget
    )
    note = forms.CharField(
        label=_("Note"), max_length=10_000, widget=UnfoldAdminTextareaWidget(attrs={"rows": 5})
    )
    scheduled_at = forms.SplitDateTimeField(
        label=_("Next contact"), required=False, widget=UnfoldAdminSplitDateTimeWidget
    )
    category = forms.ModelChoiceField(
        label=_("Move to"),
        queryset=FollowUpCategory.objects.in_order(),
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
