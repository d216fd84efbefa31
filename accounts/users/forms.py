"""The forms in which the back office adds and edits people."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminPasswordWidget,
    UnfoldAdminSelectMultipleWidget,
    UnfoldAdminSelectWidget,
)

from accounts.users.editing import grantable_permissions, grantable_roles
from accounts.users.models import User
from core.back_office import BackOfficeForm
from core.back_office_pictures import PictureForm

VERBS = {"view": _("see"), "add": _("add"), "change": _("change"), "delete": _("delete")}


class PermissionsField(forms.ModelMultipleChoiceField):
    """Permissions in words: `prospect: change`."""

    def label_from_instance(self, permission: Any) -> str:
        verb, _underscore, model = permission.codename.partition("_")
        known = permission.content_type.model_class()
        if verb not in VERBS or known is None or model != known._meta.model_name:
            return gettext(permission.name)
        return f"{known._meta.verbose_name}: {VERBS[verb]}"


def _password(label: Any, **more: Any) -> forms.CharField:
    widget = UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"})
    return forms.CharField(label=label, max_length=128, strip=False, widget=widget, **more)


class RoleForm(BackOfficeForm):
    """Offers the roles that whoever fills it in may give."""

    by: Any = None  # who fills it in
    role = forms.ChoiceField(label=_("Role"), widget=UnfoldAdminSelectWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "role" in self.fields:
            offered = {*grantable_roles(by=self.by), self.instance.role}
            choices = [(role, label) for role, label in User.Role.choices if role in offered]
            self.fields["role"].choices = choices  # type: ignore[attr-defined]
            if not self.instance.pk:
                self.initial["role"] = User.Role.SALES  # the first choice may do everything


class UserForm(RoleForm, PictureForm):
    """A colleague."""

    extra_permissions = PermissionsField(
        label=_("Extra permissions"),
        queryset=Permission.objects.none(),
        required=False,
        widget=UnfoldAdminSelectMultipleWidget(attrs={"size": 12}),
        help_text=_("What you do not hold yourself you cannot grant."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "extra_permissions" in self.fields:
            field = self.fields["extra_permissions"]
            field.queryset = grantable_permissions(by=self.by, to=self.instance)  # type: ignore[attr-defined]
            field.initial = list(self.instance.user_permissions.values_list("pk", flat=True))


class PasswordForm(forms.Form):
    """A password, twice."""

    password1 = _password(_("Password"))
    password2 = _password(_("Password again"))

    def clean_password2(self) -> str:
        return _same(self.cleaned_data)


class LeavingForm(forms.Form):
    """Who gets what somebody looked after."""

    hand_over_to = forms.ModelChoiceField(
        label=_("Hand over to"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody: it stays theirs"),
        widget=UnfoldAdminSelectWidget,
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        heirs: Any = self.fields["hand_over_to"]
        heirs.queryset = User.objects.active().exclude(pk=user.pk).order_by("name", "pk")


class NewUserForm(RoleForm):
    """A new colleague, with a password or with a mail that lets them choose one."""

    password1 = _password(
        _("Password"), required=False, help_text=_("Left empty, an invitation is mailed to them.")
    )
    password2 = _password(_("Password again"), required=False)

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()

    def clean_password2(self) -> str:
        return _same(self.cleaned_data)


def _same(given: dict[str, Any]) -> str:
    if given.get("password1") != given["password2"]:
        raise ValidationError(_("The two passwords are not the same."))
    return str(given["password2"])
