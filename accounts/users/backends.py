"""Who is it, for sign-ins with a password."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Value
from django.db.models.functions import Concat

from accounts.users.models import User
from core.tenancy import across_tenants

# Read with the user: each page would ask for them anyway.
EXTRA_CODES = Permission.objects.filter(user=OuterRef("pk")).values_list(
    Concat("content_type__app_label", Value("."), "codename")
)


class RoleBackend(ModelBackend):
    """Email and password. Rights come from the user's role (User.has_perm), not from groups."""

    def authenticate(
        self, request: Any, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Any:
        with across_tenants():
            return super().authenticate(request, username, password, **kwargs)

    def get_user(self, user_id: Any) -> Any:
        with across_tenants():
            users = User.objects.filter(pk=user_id).select_related("tenant")
            user = users.annotate(found_codes=ArraySubquery(EXTRA_CODES)).first()
        if user is None or not self.user_can_authenticate(user):
            return None
        user.remember_extra_codes(user.found_codes)
        return user

    def user_can_authenticate(self, user: Any) -> bool:
        in_active_tenant = user.tenant is None or user.tenant.is_active
        return in_active_tenant and super().user_can_authenticate(user)

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set(user_obj.permission_codes)
