"""Who signed in and who tried to, in the log; an account that was guessed at has a mark."""

from __future__ import annotations

import hashlib
from typing import Any

import structlog
from django.contrib.auth.signals import user_logged_in, user_login_failed

from core.network import client_address

log = structlog.get_logger(__name__)


def note_sign_in(*, user: Any, address: str | None, door: str) -> None:
    """Somebody is in."""
    log.info("signed in", user=user.pk, tenant=user.tenant_id, address=address, door=door)


def note_refusal(*, email: str, address: str | None, door: str) -> None:
    """Somebody is not. What was typed is not told: it may be a password in the wrong field."""
    log.warning("sign-in refused", account=mark_of(email), address=address, door=door)


def mark_of(email: str) -> str:
    """The same for one account each time, and nobody's address."""
    return hashlib.sha256(email.strip().lower().encode(errors="replace")).hexdigest()[:12]


def watch_back_office() -> None:
    """Hear what Django tells of its sign-ins; the API's come without a request, and tell more."""
    user_logged_in.connect(_signed_in, dispatch_uid="witness")
    user_login_failed.connect(_refused, dispatch_uid="witness")


def _signed_in(request: Any, user: Any, **_: Any) -> None:
    if request is not None:
        note_sign_in(user=user, address=client_address(request), door="admin")


def _refused(credentials: Any, request: Any = None, **_: Any) -> None:
    if request is not None:
        email = str(credentials.get("username") or "")
        note_refusal(email=email, address=client_address(request), door="admin")
