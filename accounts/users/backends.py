"""Who is it, for sign-ins with a password."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend

from accounts.users.models import User
from core.tenancy import across_tenants


class RoleBackend(ModelBackend):
    """Email and password. Rights come from the user's role (User.has_perm), not from groups."""

    def authenticate(
        self, request: Any, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Any:
        with across_tenants():
            return super().authenticate(request, username, password, **kwargs)

    def get_user(self, user_id: Any) -> Any:
        with across_tenants():
            user = User.objects.filter(pk=user_id).select_related("tenant").first()
        return user if user is not None and self.user_can_authenticate(user) else None

    def user_can_authenticate(self, user: Any) -> bool:
        in_active_tenant = user.tenant is None or user.tenant.is_active
        return in_active_tenant and super().user_can_authenticate(user)

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set(user_obj.permission_codes)
