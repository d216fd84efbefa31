"""Signing in to the back office: the password, a code where one is asked for, then on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import login
from django.contrib.auth.views import LoginView
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from rest_framework.exceptions import Throttled
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts.sessions.tries import count_code
from accounts.two_factor import services
from accounts.two_factor.setting_up import WRONG_CODE, SecretForm
from accounts.users.models import User
from core.audit import name_actor
from core.back_office import show_refusal
from core.errors import DomainError, InvalidInput
from core.tenancy import across_tenants
from crm_project.back_office.kept_forms import KeptForm, carried, remember_user

site: Any = admin.site
SALT = "password-passed"
IN_TIME = 10 * 60  # seconds between the password and the code
TOO_MANY = gettext_lazy("Too many tries: wait a while and try again.")


def urls() -> list[URLPattern]:
    """The pages after the password."""
    return [
        path("login/code/", ask_code, name="login_code"),
        path("login/set-up/", ask_set_up, name="login_set_up"),
    ]


class CodeForm(forms.Form):
    """A code of an app, or of the sheet with those for bad days."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        help_text=gettext_lazy("The six digits that your app shows, or one of your backup codes."),
        widget=UnfoldAdminTextInputWidget(
            attrs={"autocomplete": "one-time-code", "autofocus": True}
        ),
    )


class PasswordStep(LoginView):
    """Email and password."""

    template_name = "crm_project/login.html"

    def form_valid(self, form: Any) -> HttpResponse:
        return _after_password(self.request, form.get_user())


@never_cache
def sign_in(request: Any, extra_context: Any = None) -> HttpResponse:
    """The page on which everybody begins; it takes the place of the site's own."""
    if request.method == "GET" and site.has_permission(request):
        return redirect("admin:index")
    if request.method == "POST" and "username" not in request.POST:
        return show_sign_in(request, carried(request))
    context = {**_context(request, carried(request)), **(extra_context or {})}
    view: Any = PasswordStep.as_view(extra_context=context, authentication_form=site.login_form)
    answer: HttpResponse = view(request)
    return answer


def show_sign_in(request: Any, kept: KeptForm | None, **shown: Any) -> HttpResponse:
    """Show that page with what was typed elsewhere, or with nothing."""
    context = _context(request, kept) | {"form": site.login_form(request), **shown}
    return render(request, PasswordStep.template_name, context)


def _context(request: Any, kept: KeptForm | None, **shown: Any) -> dict[str, Any]:
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return {
        **site.each_context(request),
        "title": _("Log in"),
        "app_path": reverse("admin:login"),
        "next": asked or reverse("admin:index"),
        "kept": kept,
        **shown,
    }


# After the password -------------------------------------------------------------------------
def _after_password(request: Any, user: User) -> HttpResponse:
    if user.two_factor_since is not None:
        return _show_step(request, user, CodeForm(), step="code")
    if services.must_set_up(user):
        form = SecretForm(user=user, asks_password=False)
        return _show_step(request, user, form, step="set_up")
    return _finish(request, user)


def _show_step(
    request: Any, user: User, form: forms.Form, *, step: str, status: int = 200
) -> HttpResponse:
    passed = signing.dumps([user.pk, user.get_session_auth_hash()], salt=SALT)
    context = _context(request, carried(request), form=form, passed=passed)
    context |= {"title": _("Two-factor sign-in"), "action": reverse(f"admin:login_{step}")}
    return render(request, f"crm_project/sign_in_{step}.html", context, status=status)


def _who_passed(request: Any) -> User | None:
    """Return who has just given the right password, if nothing has changed since."""
    try:
        pk, proof = signing.loads(request.POST.get("passed", ""), salt=SALT, max_age=IN_TIME)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    with across_tenants():
        user = User.objects.filter(pk=pk, is_active=True).select_related("tenant").first()
    fits = user is not None and user.is_staff and user.get_session_auth_hash() == proof
    is_open = user is not None and (user.tenant is None or user.tenant.is_active)
    return user if fits and is_open else None


def step_after_password(view: Any) -> Any:
    """A page for whoever has given their password a moment ago; others begin anew."""

    @never_cache
    @csrf_protect
    @sensitive_post_parameters()
    def shown(request: Any) -> HttpResponse:
        user = _who_passed(request) if request.method == "POST" else None
        if user is None:
            if request.method == "POST":
                messages.error(request, _("That took too long: sign in once more."))
            return show_sign_in(request, carried(request))
        answer: HttpResponse = view(request, user)
        return answer

    return shown


@step_after_password
def ask_code(request: Any, user: User) -> HttpResponse:
    """Take the code."""
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _show_step(request, user, form, step="code")
    try:
        count_code(user.email)
    except Throttled as refusal:
        return _too_many(request, user, form, "code", refusal)
    code, at = form.cleaned_data["code"], timezone.now()
    if services.use_code(user_id=user.pk, code=code, at=at):
        return _finish(request, user)
    form.add_error("code", WRONG_CODE)
    return _show_step(request, user, form, step="code")


@step_after_password
def ask_set_up(request: Any, user: User) -> HttpResponse:
    """Take the first code of the app of somebody whose tenant wants one."""
    form = SecretForm(request.POST, user=user, asks_password=False)
    if form.is_valid():
        name_actor(user.pk)
        try:
            count_code(user.email)
            backup = services.set_up(
                user_id=user.pk,
                secret=form.secret,
                code=form.cleaned_data["code"],
                at=timezone.now(),
            )
        except Throttled as refusal:
            return _too_many(request, user, form, "set_up", refusal)
        except InvalidInput:
            form.add_error("code", WRONG_CODE)
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            return _finish(request, user, backup=backup)
    return _show_step(request, user, form, step="set_up")


def _too_many(
    request: Any, user: User, form: forms.Form, step: str, refusal: Throttled
) -> HttpResponse:
    form.add_error(None, str(TOO_MANY))
    answer = _show_step(request, user, form, step=step, status=429)
    answer["Retry-After"] = str(max(1, int(getattr(refusal, "wait", None) or 1)))
    return answer


# Signed in ----------------------------------------------------------------------------------
def _finish(request: Any, user: User, backup: list[str] | None = None) -> HttpResponse:
    kept, goal = carried(request), _goal(request)
    # Made as of nobody: the site's menu would look into a tenant that this request has not entered.
    context = _context(request, kept, backup=backup, next=goal)
    login(request, user)
    if kept is None and not backup:
        answer: HttpResponse = redirect(goal)
    else:
        context["owner"] = _name_of(kept.whose, user) if kept else ""
        context["title"] = _("You are signed in again") if kept else _("You are signed in")
        answer = render(request, "crm_project/signed_in.html", context)
    remember_user(answer, user.pk)
    return answer


def _goal(request: Any) -> str:
    """Where somebody was on their way to; never another site."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    hosts = {request.get_host()}
    is_safe = url_has_allowed_host_and_scheme(
        asked, allowed_hosts=hosts, require_https=request.is_secure()
    )
    return asked if is_safe else reverse("admin:index")


def _name_of(whose: int | None, user: User) -> str:
    """Who typed a form, if it was somebody else: a colleague by name."""
    if whose is None or whose == user.pk:
        return ""
    with across_tenants():
        other = User.objects.filter(pk=whose, tenant_id=user.tenant_id).first()
    return str(other) if other and user.tenant_id else _("somebody else")
