"""The two JWTs of a session."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken, Token

from accounts.sessions.models import Session

# What a token that is not ours, or is damaged, makes of the libraries and of us.
UNREADABLE = (
    *(TokenError, KeyError, ValueError, TypeError, AttributeError),
    *(OverflowError, RecursionError),
)


@dataclass(frozen=True)
class TokenPair:
    """What a sign-in answers with."""

    access: str
    refresh: str
    expires_at: datetime


def issue_access(session: Session, lifetime: timedelta | None = None) -> tuple[str, datetime]:
    """Return an access token of this session and when it expires (not after the session)."""
    token = AccessToken()
    expires_at = timezone.now() + (lifetime or AccessToken.lifetime)
    expires_at = min(expires_at, session.expires_at)
    token.set_exp(from_time=expires_at, lifetime=timedelta())
    _name(token, session)
    return str(token), expires_at


def issue_pair(session: Session) -> TokenPair:
    """Return a fresh pair; the session remembers the refresh token as its only valid one."""
    access, expires_at = issue_access(session)
    refresh = RefreshToken()
    refresh.set_exp(from_time=session.expires_at, lifetime=timedelta())
    session.refresh_jti = uuid.uuid4()
    refresh["jti"] = session.refresh_jti.hex
    _name(refresh, session)
    return TokenPair(access=access, refresh=str(refresh), expires_at=expires_at)


def _name(token: Token, session: Session) -> None:
    token["sid"] = session.pk.hex
    token["user_id"] = session.user_id


def session_of_access(raw: str) -> uuid.UUID | None:
    """Return the session id in a valid access token, else None (forged, expired, wrong kind)."""
    try:
        return uuid.UUID(AccessToken(raw)["sid"])  # type: ignore[arg-type]
    except UNREADABLE:
        return None


def session_of_refresh(raw: str) -> tuple[uuid.UUID, uuid.UUID] | None:
    """Return (session id, token id) of a valid refresh token, else None."""
    try:
        token = RefreshToken(raw)  # type: ignore[arg-type]
        return uuid.UUID(token["sid"]), uuid.UUID(token["jti"])
    except UNREADABLE:
        return None
