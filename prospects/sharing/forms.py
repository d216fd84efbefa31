from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from core.back_office import BackOfficeForm
from prospects.sharing.services import Level

LEVELS = [(Level.VIEW, _("Look at it")), (Level.CHANGE, _("Change it"))]


class ShareForm(BackOfficeForm):
    """Which card, with whom, and what for."""

    level = forms.ChoiceField(label=_("May do"), choices=LEVELS, widget=UnfoldAdminSelectWidget)

    class Meta:
        fields = ("content_object", "user")

    def _check_constraints(self) -> None:
        """Sharing again is no error: it sets what they may from now on."""
