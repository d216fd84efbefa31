"""Who is it, for API requests. One SQL statement tells user, tenant, rights and validity."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import cache
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
from core.api.conditional import READING, ConditionalMixin
from core.caller_facts import facts_sql
from core.kept_plans import fetch_kept
from core.tallies import tallies_sql

FIND_CALLER = """
SELECT u.id, u.email, u.name, u.role, u.avatar_id, u.tenant_id,
       t.name AS tenant_name, t.slug, t.time_zone, t.language, t.currency, t.country_code,
       t.agents_may_send,
       s.last_used_at, ARRAY(
           SELECT c.app_label || '.' || p.codename
           FROM accounts_user_user_permissions up
           JOIN auth_permission p ON p.id = up.permission_id
           JOIN django_content_type c ON c.id = p.content_type_id
           WHERE up.user_id = u.id
       ) AS extra_codes, {facts}, {tallies} AS tallies
FROM accounts_session s
JOIN accounts_user u ON u.id = s.user_id AND u.is_active
JOIN accounts_tenant t ON t.id = s.tenant_id AND t.is_active
WHERE s.id = %(sid)s AND s.revoked_at IS NULL AND s.expires_at > %(at)s
"""
USED = """
UPDATE accounts_session SET last_used_at = %(at)s
WHERE id = %(sid)s AND last_used_at < %(at)s AND revoked_at IS NULL
"""
EXACT = timedelta(minutes=5)  # "last used" is exact to this, so that reading does not write
USER_COLUMNS = ("id", "email", "name", "role", "avatar_id", "tenant_id")
TENANT_COLUMNS = (
    *("name", "slug", "time_zone", "language", "currency", "country_code", "agents_may_send"),
)


def find_caller(session_id: UUID, *, watching: Sequence[str] = ()) -> User | None:
    """Return the user of a live session, with tenant and permissions filled in, else None.

    :param watching: subjects of which the caller's facts say how often they have changed.
    """
    at = timezone.now()
    asked = {"sid": session_id, "at": at, "watching": list(watching)}
    rows = fetch_kept(_find_caller_sql(), asked)
    if not rows:
        return None
    (row,) = rows
    if row["last_used_at"] < at - EXACT:
        with connection.cursor() as cursor:
            cursor.execute(USED, {"sid": session_id, "at": at})
    user = _partly_loaded(User, {name: row[name] for name in USER_COLUMNS}, is_superuser=False)
    tenant = {name: row[name] for name in TENANT_COLUMNS} | {"name": row["tenant_name"]}
    user.tenant = _partly_loaded(Tenant, {"id": row["tenant_id"], **tenant})
    user.remember_extra_codes(row["extra_codes"])
    user.facts = row
    return user


@cache
def _find_caller_sql() -> str:
    tallies = tallies_sql(tenant="u.tenant_id", user="u.id", subjects="%(watching)s")
    return FIND_CALLER.format(facts=facts_sql(), tallies=tallies)


def _partly_loaded(model: Any, values: dict[str, Any], **more: Any) -> Any:
    """Return an active row whose other columns are deferred, so that no save() can blank them."""
    values = {**values, **more, "is_active": True}
    names = [name for name in _columns(model) if name in values]
    return model.from_db("default", names, [values[name] for name in names])


@cache
def _columns(model: Any) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


class SessionAuthentication(BaseAuthentication):
    """`Authorization: Bearer <access token>`."""

    def authenticate(self, request: Any) -> tuple[User, UUID] | None:
        kind, _, raw = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if kind.lower() != "bearer":
            return None
        session_id = session_of_access(raw.strip())
        watching = _watching(request)
        user = find_caller(session_id, watching=watching) if session_id else None
        if user is None or session_id is None:
            raise AuthenticationFailed("The token is invalid or no longer valid.")
        structlog.contextvars.bind_contextvars(user=user.pk, tenant=user.tenant_id)
        return user, session_id

    def authenticate_header(self, request: Any) -> str:
        return "Bearer"


def _watching(request: Any) -> Sequence[str]:
    """What the view that is asked to read wants to know the changes of.

    A request of Django's own has none: the door for agents is no view of the API.
    """
    view: Any = getattr(request, "parser_context", {}).get("view")
    is_conditional = request.method in READING and isinstance(view, ConditionalMixin)
    return view.subjects() if is_conditional else ()
