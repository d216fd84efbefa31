"""The pages to which mailed links lead, and the one where somebody asks for such a mail."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from rest_framework.exceptions import Throttled
from unfold.widgets import UnfoldAdminEmailInputWidget

from accounts.passwords.models import PasswordLink
from accounts.passwords.services import is_open, request_reset, set_password_by_link
from accounts.passwords.views import throttle_link, throttle_reset
from accounts.users.forms import PasswordForm
from core.back_office import show_refusal
from core.errors import DomainError

TITLES = {
    PasswordLink.Purpose.RESET: _("Choose a new password"),
    PasswordLink.Purpose.INVITATION: _("Choose your password"),
}
TOO_MANY = _("Too many tries: wait a while and try again.")


class EmailForm(forms.Form):
    """Whose password it is."""

    email = forms.EmailField(label=_("Email"), max_length=254, widget=UnfoldAdminEmailInputWidget)


def page(view: Any) -> Any:
    """A page for whoever opens it, in their browser's language, that nobody else may keep."""
    guarded = sensitive_post_parameters()(csrf_protect(never_cache(view)))

    @require_http_methods(["GET", "POST"])
    def shown(request: Any, **given: Any) -> HttpResponse:
        request.user = AnonymousUser()  # whoever opens it: the page is about the link
        with translation.override(translation.get_language_from_request(request)):
            answer: HttpResponse = guarded(request, **given)
        # The address of the page is the secret. Not `no-referrer`: with that, browsers do not say
        # where the form comes from, either, and it is refused.
        answer["Referrer-Policy"] = "same-origin"
        return answer

    return shown


@page
def forgot_password(request: Any) -> HttpResponse:
    """Ask for a mail. What is said never tells who is known."""
    form = EmailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        try:
            throttle_reset(request, email)
        except Throttled:
            form.add_error(None, TOO_MANY)
            return _show(request, form, title=_("New password"), status=429)
        request_reset(email=email, at=timezone.now())
        messages.success(request, _("If we know this address, a mail is on its way to it."))
        return redirect("admin:login")
    return _show(request, form, title=_("New password"), verb=_("Send me a mail"))


@page
def password_by_link(request: Any, purpose: str, token: str) -> HttpResponse:
    """Choose a password, if the link still does that."""
    at = timezone.now()
    if not is_open(token=token, purpose=purpose, at=at):
        return render(request, "accounts/link_refused.html", _context(request), status=404)
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            throttle_link(request)
            password = form.cleaned_data["password1"]
            set_password_by_link(token=token, purpose=purpose, password=password, at=at)
        except Throttled:
            form.add_error(None, TOO_MANY)
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("Your password is set: sign in with it."))
            return redirect("admin:login")
    return _show(request, form, title=TITLES[PasswordLink.Purpose(purpose)], verb=_("Save"))


def _show(request: Any, form: forms.Form, *, status: int = 200, **shown: Any) -> HttpResponse:
    return render(
        request, "accounts/password.html", _context(request, form=form, **shown), status=status
    )


def _context(request: Any, **shown: Any) -> dict[str, Any]:
    return {**admin.site.each_context(request), **shown}


urlpatterns = [
    path("account/forgot-password", forgot_password, name="admin_password_reset"),
    path("account/reset/<str:token>", password_by_link, {"purpose": "reset"}),
    path("account/invitation/<str:token>", password_by_link, {"purpose": "invitation"}),
]
