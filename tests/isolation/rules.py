"""What somebody is answered who asks for a row that is not there for them: the one table.

What they are answered about rows that they do see, and about a colleague's, stands in TABLE of
tests/test_permissions.py.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.urls import resolve

from accounts.users.roles import role_codes
from core.api.permissions import SIGNED_IN, required_permissions

# Whose row it is: neither the status nor the words say which of these.
ANOTHER_TENANTS, UNKNOWN, COLLEAGUES = "another tenant's", "unknown", "a colleague's"
DELETED, WITHOUT_HOLDER, ELSEWHERE = "deleted", "gone with its holder", "of another row of ours"
STATUSES = {
    "a stranger": 401,
    "without the right": 403,  # before any row is looked for
    "with the right": 404,
}


def expected(method: str, path: str, role: str | None) -> int:
    """The status of a request about any such row.

    :param role: None for a stranger.
    """
    if role is None:
        return STATUSES["a stranger"]
    if needed_codes(method, path) <= role_codes(role):
        return STATUSES["with the right"]
    return STATUSES["without the right"]


def needed_codes(method: str, path: str) -> set[str]:
    """The rights that the view behind a path asks for."""
    view: Any = resolve(path.partition("?")[0]).func
    actions = getattr(view, "actions", None) or {}
    asked = SimpleNamespace(
        permission=view.cls.permission,
        action=actions.get(method),
        request=SimpleNamespace(method=method.upper()),
    )
    return {code for code in required_permissions(asked) if code != SIGNED_IN}
