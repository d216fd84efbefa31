from __future__ import annotations

from typing import Any

from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from accounts.saved_views.models import SavedView
from core.back_office import BackOfficeForm
from core.rights import SHARE_VIEWS

FIELDS = ("name", "is_shared", "is_pinned", "position")


class ViewForm(BackOfficeForm):
    """What a view is called, where it stands and who sees it."""

    class Meta:
        model = SavedView
        fields = FIELDS
        widgets = {
            "name": UnfoldAdminTextInputWidget,
            "is_shared": UnfoldBooleanSwitchWidget,
            "is_pinned": UnfoldBooleanSwitchWidget,
            "position": UnfoldAdminIntegerFieldWidget,
        }

    def _check_constraints(self) -> None:
        """The service knows whose view it is."""


def new_view_form(user: Any, data: Any = None) -> ViewForm:
    """The form of a view to save; sharing is offered to those who may."""
    form = ViewForm(data, initial={"is_pinned": True, "position": 0})
    if not user.has_perm(SHARE_VIEWS):
        del form.fields["is_shared"]
    for field in ("position", "is_pinned"):
        form.fields[field].required = False
    return form


def given_by(form: Any) -> dict[str, Any]:
    """What was filled in, as the services take it."""
    given = {name: form.cleaned_data[name] for name in FIELDS if name in form.cleaned_data}
    if given.get("position", 0) is None:
        given["position"] = 0
    return given
