"""Whose back office is it?"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.http import HttpResponseBase
from django.utils import timezone, translation

from core.audit import name_actor
from core.tenancy import across_tenants, tenant_scope

TENANT_KEY = "back_office_tenant"  # what an operator chose; absent: every tenant


class BackOfficeMiddleware:
    """Enters the staff user's tenant for /admin/, in the tenant's language and time zone.

    An operator (superuser) sees every tenant until they choose one.
    """

    def __init__(self, get_response: Callable[[Any], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        if not request.path.startswith("/admin/") or not request.user.is_authenticated:
            return self.get_response(request)
        user = request.user
        name_actor(user.pk)
        with ExitStack() as stack:
            if user.tenant is not None:
                stack.enter_context(tenant_scope(user.tenant_id))
                stack.enter_context(timezone.override(user.tenant.zone))
                stack.enter_context(translation.override(user.tenant.language))
            elif user.is_superuser:
                chosen = request.session.get(TENANT_KEY)
                stack.enter_context(tenant_scope(chosen) if chosen else across_tenants())
            return self.get_response(request)
