"""Who is it, for API requests. One SQL statement tells user, tenant, rights and validity."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import structlog
from django.db import connection
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed

from accounts.sessions.tokens import session_of_access
from accounts.tenants.models import Tenant
from accounts.users.models import User

# "Last used" is exact to five minutes, so that reading does not write each time.
FIND_CALLER = """
WITH used AS (
    UPDATE accounts_session SET last_used_at = %(at)s
    WHERE id = %(sid)s AND last_used_at < %(at)s - interval '5 minutes'
      AND revoked_at IS NULL AND expires_at > %(at)s
)
SELECT u.id, u.email, u.name, u.role, u.tenant_id, t.name, t.slug, t.time_zone, t.language,
       t.currency, t.country_code, ARRAY(
           SELECT c.app_label || '.' || p.codename
           FROM accounts_user_user_permissions up
           JOIN auth_permission p ON p.id = up.permission_id
           JOIN django_content_type c ON c.id = p.content_type_id
           WHERE up.user_id = u.id
       )
FROM accounts_session s
JOIN accounts_user u ON u.id = s.user_id AND u.is_active
JOIN accounts_tenant t ON t.id = s.tenant_id AND t.is_active
WHERE s.id = %(sid)s AND s.revoked_at IS NULL AND s.expires_at > %(at)s
"""
USER_FIELDS = ("id", "email", "name", "role", "tenant_id")
TENANT_FIELDS = ("id", "name", "slug", "time_zone", "language", "currency", "country_code")


def find_caller(session_id: UUID) -> User | None:
    """Return the user of a live session, with tenant and permissions filled in, else None."""
    with connection.cursor() as cursor:
        cursor.execute(FIND_CALLER, {"sid": session_id, "at": timezone.now()})
        row = cursor.fetchone()
    if row is None:
        return None
    user = _partly_loaded(
        User, dict(zip(USER_FIELDS, row[:5], strict=True), is_active=True, is_superuser=False)
    )
    user.tenant = _partly_loaded(
        Tenant, dict(zip(TENANT_FIELDS, row[4:11], strict=True), is_active=True)
    )
    user.remember_extra_codes(row[11])
    return user


def _partly_loaded(model: Any, values: dict[str, Any]) -> Any:
    """Return a row whose other columns are deferred, so that no save() can blank them."""
    loaded = [field.attname for field in model._meta.concrete_fields if field.attname in values]
    return model.from_db("default", loaded, [values[name] for name in loaded])


class SessionAuthentication(BaseAuthentication):
    """`Authorization: Bearer <access token>`."""

    def authenticate(self, request: Any) -> tuple[User, UUID] | None:
        kind, _, raw = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if kind.lower() != "bearer":
            return None
        session_id = session_of_access(raw.strip())
        user = find_caller(session_id) if session_id else None
        if user is None or session_id is None:
            raise AuthenticationFailed("The token is invalid or no longer valid.")
        structlog.contextvars.bind_contextvars(user=user.pk, tenant=user.tenant_id)
        return user, session_id

    def authenticate_header(self, request: Any) -> str:
        return "Bearer"
