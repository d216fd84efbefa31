"""The form with which somebody sets up their app: it carries the secret until that is done."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core import signing
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminTextInputWidget

from accounts.two_factor import codes
from accounts.users.models import User

SALT = "pending-secret"
IN_TIME = 60 * 60  # seconds
WRONG_CODE = _("This is not the code, or it was used already. Wait for the next one.")


class SecretForm(forms.Form):
    """The app's first code and, of who is signed in already, the password."""

    sealed = forms.CharField(widget=forms.HiddenInput, required=False)
    password = forms.CharField(
        label=_("Your password"),
        max_length=1000,
        strip=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "current-password"}),
    )
    code = forms.CharField(
        label=_("The six digits that the app shows"),
        max_length=40,
        widget=UnfoldAdminTextInputWidget(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}
        ),
    )

    def __init__(self, *args: Any, user: User, asks_password: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if not asks_password:
            del self.fields["password"]
        secret = _opened(self.data.get("sealed", ""), user.pk) if self.is_bound else None
        self.is_too_old = self.is_bound and secret is None
        self.secret = secret or codes.new_secret()
        sealed = signing.dumps([user.pk, self.secret], salt=SALT)
        if self.is_bound:
            self.data = {**{name: self.data[name] for name in self.data}, "sealed": sealed}
        self.initial["sealed"] = sealed

    @property
    def picture(self) -> str:
        return mark_safe(codes.picture_of(self.secret, self.user.email))  # noqa: S308 (an SVG of ours)

    @property
    def spelled(self) -> str:
        """The secret as one types it, in groups of four."""
        return " ".join(self.secret[at : at + 4] for at in range(0, len(self.secret), 4))

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError(_("This is not your password."))
        return password

    def clean(self) -> dict[str, Any]:
        if self.is_too_old:
            raise forms.ValidationError(_("That took too long: read the new picture."))
        return self.cleaned_data


def _opened(sealed: str, user_id: int) -> str | None:
    try:
        owner, secret = signing.loads(sealed, salt=SALT, max_age=IN_TIME)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return str(secret) if owner == user_id else None
