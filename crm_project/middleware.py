"""Whose back office is it?"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from rest_framework.exceptions import Throttled

from accounts.models import Tenant
from accounts.sessions.tries import count_try
from core.api.rates import count_request
from core.api.throttling import TooOften
from core.audit import name_actor
from core.network import client_address
from core.tenancy import across_tenants, tenant_scope

LOGIN_PATH = "/admin/login/"
TENANT_KEY = "back_office_tenant"  # what an operator chose; absent: every tenant


class BackOfficeMiddleware:
    """Enters the staff user's tenant for /admin/, in the tenant's language and time zone.

    An operator (superuser) sees every tenant until they choose one. Who belongs to no tenant, or
    has not signed in, is spoken to in the browser's language.
    """

    def __init__(self, get_response: Callable[[Any], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        if not request.path.startswith("/admin/"):
            return self.get_response(request)
        with translation.override(translation.get_language_from_request(request)):
            return self._admit(request)

    def _admit(self, request: Any) -> HttpResponseBase:
        if "%00" in request.GET.urlencode():
            return render(request, "crm_project/bad_request.html", status=400)
        is_try = request.path == LOGIN_PATH and request.method == "POST"
        if is_try and "username" in request.POST:
            return self._sign_in(request)
        return self._answer(request)

    def _sign_in(self, request: Any) -> HttpResponseBase:
        """Count the try with those at the API's door: both open the same account."""
        email = request.POST.get("username", "").strip().lower()
        try:
            count_try(client_address(request), email)
        except Throttled as refusal:
            kept = request.POST.get("kept", "")
            context = {"kept": kept, "next": request.POST.get("next", "")}
            response = render(request, "crm_project/too_many_tries.html", context, status=429)
            response["Retry-After"] = str(max(1, int(getattr(refusal, "wait", None) or 1)))
            return response
        return self._answer(request)

    def _refuse(self, request: Any, refusal: TooOften) -> HttpResponseBase:
        response = render(request, "crm_project/too_often.html", status=429)
        response["Retry-After"] = str(max(1, int(refusal.allowance.seconds)))
        for name, value in refusal.allowance.headers().items():
            response[name] = value
        return response

    def _answer(self, request: Any) -> HttpResponseBase:
        user = request.user
        try:
            count_request(request, user if user.is_authenticated else None)
        except TooOften as refusal:
            return self._refuse(request, refusal)
        if not user.is_authenticated:
            return self.get_response(request)
        name_actor(user.pk)
        with ExitStack() as stack:
            if user.tenant is not None:
                stack.enter_context(tenant_scope(user.tenant_id))
                stack.enter_context(timezone.override(user.tenant.zone))
                stack.enter_context(translation.override(user.tenant.language))
            elif user.is_superuser:
                chosen = chosen_tenant(request)
                stack.enter_context(tenant_scope(chosen.pk) if chosen else across_tenants())
                if chosen:  # what is due today is so by the tenant's day
                    stack.enter_context(timezone.override(chosen.zone))
            return self.get_response(request)


def chosen_tenant(request: Any) -> Tenant | None:
    """Return the tenant an operator acts for; read once for each request."""
    if not hasattr(request, "_chosen_tenant"):
        chosen = request.session.get(TENANT_KEY)
        request._chosen_tenant = Tenant.objects.filter(pk=chosen).first() if chosen else None
    found: Tenant | None = request._chosen_tenant
    return found
