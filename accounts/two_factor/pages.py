"""One's own two-factor sign-in, in the back office, and a colleague's who lost their phone."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import Throttled
from unfold.decorators import action
from unfold.widgets import UnfoldAdminPasswordWidget

from accounts.sessions.tries import count_code
from accounts.two_factor import services
from accounts.two_factor.models import TwoFactor
from accounts.two_factor.setting_up import WRONG_CODE, SecretForm
from core.back_office import show_refusal
from core.errors import DomainError, InvalidInput

HOME = "admin:accounts_user_two_factor"
TOO_MANY = _("Too many tries: wait a while and try again.")


class ProofForm(forms.Form):
    """The password, or a code of the app or of the sheet."""

    proof = forms.CharField(
        label=_("Your password, or a code"),
        max_length=1000,
        strip=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "off"}),
    )


class TwoFactorPages:
    """Mixed into the admin of users."""

    admin_site: Any
    form_page: Any
    get_object: Any

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.two_factor_view)
        mine = path("two-factor/", view, name="accounts_user_two_factor")
        return [mine, *super().get_urls()]  # type: ignore[misc]

    def two_factor_view(self, request: Any) -> HttpResponse:
        """Set it up or, once that is done, end it or draw new backup codes."""
        if request.user.two_factor_since is None:
            return self._set_up(request)
        return self._manage(request)

    def _set_up(self, request: Any) -> HttpResponse:
        form = SecretForm(request.POST or None, user=request.user)
        if request.method == "POST" and _counted(request, form) and form.is_valid():
            code, at = form.cleaned_data["code"], timezone.now()
            try:
                backup = services.set_up(
                    user_id=request.user.pk, secret=form.secret, code=code, at=at
                )
            except InvalidInput:
                form.add_error("code", WRONG_CODE)
            except DomainError as refusal:
                show_refusal(form, refusal)
            else:
                return self._page(request, backup=backup)
        return self._page(request, form=form)

    def _manage(self, request: Any) -> HttpResponse:
        form = ProofForm(request.POST or None)
        if request.method == "POST" and _counted(request, form) and form.is_valid():
            if not _is_proof(request.user, form.cleaned_data["proof"]):
                form.add_error("proof", _("This is neither your password nor a code."))
            elif request.POST.get("act") == "renew":
                return self._page(request, backup=services.renew_backup_codes(request.user.pk))
            else:
                services.remove(user_id=request.user.pk)
                messages.success(request, _("You sign in with your password alone now."))
                return redirect(HOME)
        found = TwoFactor.objects.filter(user=request.user.pk).first()
        return self._page(request, form=form, left=len(found.backup_hashes) if found else 0)

    def _page(self, request: Any, **shown: Any) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Two-factor sign-in"),
            "since": request.user.two_factor_since,
            **shown,
        }
        return TemplateResponse(request, "accounts/two_factor.html", context)

    @action(
        description=_("Take away two-factor sign-in"),
        url_path="take-away-two-factor",
        icon="phonelink_erase",
        permissions=["set_password"],
    )
    def take_away_two_factor(self, request: Any, object_id: str) -> HttpResponse:
        """Ask whether to, and do it: for a colleague who has lost phone and backup codes."""
        user = self.get_object(request, object_id)
        back = reverse("admin:accounts_user_change", args=(object_id,))
        form = forms.Form(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                services.take_away(user_id=user.pk, by=request.user)
            except DomainError as refusal:
                show_refusal(form, refusal)
            else:
                text = _("%s signs in with the password alone until they set it up again.")
                messages.success(request, text % user)
                return redirect(back)
        title = _("Take away the two-factor sign-in of %s") % user
        intro = _("Be sure that it is them who asks: by phone, or face to face.")
        verb = _("Take away")
        return self.form_page(request, form, title=title, back=back, intro=intro, verb=verb)


def _is_proof(user: Any, proof: str) -> bool:
    if services.use_code(user_id=user.pk, code=proof, at=timezone.now()):
        return True
    return bool(user.check_password(proof))


def _counted(request: Any, form: forms.Form) -> bool:
    """Whether somebody may still try; if not, the form says so."""
    try:
        count_code(request.user.email)
    except Throttled:
        form.add_error(None, str(TOO_MANY))
        return False
    return True
