"""Who may: each view names the permissions of each of its actions, as strings."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import BasePermission

ANYONE = "anyone"  # no token needed
SIGNED_IN = "signed in"  # any active user of a tenant


def required_permissions(view: Any) -> tuple[str, ...]:
    """Return what the current action of a view requires.

    `permission` is a string, a tuple of strings (all are needed), or a dict of these by action
    (viewsets) or lower-case HTTP method (plain views). An action that is not named is refused.
    """
    declared = view.permission
    if isinstance(declared, dict):
        method = view.request.method.lower()
        action = getattr(view, "action", None) or ("get" if method == "head" else method)
        declared = declared.get(action, ())
    return (declared,) if isinstance(declared, str) else tuple(declared)


class DeclaredPermission(BasePermission):
    """Allows what the view's `permission` says."""

    def has_permission(self, request: Any, view: Any) -> bool:
        required = required_permissions(view)
        if required == (ANYONE,):
            return True
        if not request.user or not request.user.is_authenticated:
            return False
        if request.method not in view.allowed_methods:
            return True  # answered as 405
        codes = [code for code in required if code != SIGNED_IN]
        return bool(required) and request.user.has_perms(codes)
