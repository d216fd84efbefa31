from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth import authenticate
from django.contrib.auth.models import update_last_login
from django.db import transaction
from rest_framework_simplejwt.tokens import RefreshToken

from accounts.sessions.models import Session
from accounts.sessions.tokens import TokenPair, issue_access, issue_pair, session_of_refresh
from accounts.sessions.witness import note_refusal, note_sign_in
from accounts.two_factor.services import check_second_factor
from accounts.users.models import User
from core.errors import DomainError
from core.tenancy import across_tenants, tenant_scope


class WrongCredentials(DomainError):
    """Email and password do not belong together, or the account is closed: we do not say which."""

    code = "wrong_credentials"
    status = 401


def sign_in(
    *,
    email: str,
    password: str,
    otp: str = "",
    user_agent: str,
    ip_address: str | None,
    at: datetime,
) -> tuple[User, TokenPair]:
    """Open a session for an email, a password and, for some, a code.

    :raises WrongCredentials: for anything that does not fit, operators included: they belong to no
        tenant and have only the back office.
    :raises OtpRequired, OtpInvalid, OtpSetupRequired: a code is needed as well.
    """
    user = authenticate(username=email, password=password)
    if not isinstance(user, User) or user.tenant_id is None:
        note_refusal(email=email, address=ip_address, door="api")
        raise WrongCredentials("The email or the password is wrong.")
    check_second_factor(user=user, code=otp, at=at)
    pair = open_session(user=user, user_agent=user_agent, ip_address=ip_address, at=at)
    note_sign_in(user=user, address=ip_address, door="api")
    return user, pair


def open_session(*, user: User, user_agent: str, ip_address: str | None, at: datetime) -> TokenPair:
    """Open a session for a user who has proved who they are."""
    session = Session(  # type: ignore[misc]  # operators, who have no tenant, have no sessions
        tenant_id=user.tenant_id,
        user=user,
        user_agent=user_agent[:300],
        ip_address=ip_address,
        expires_at=at + RefreshToken.lifetime,
    )
    pair = issue_pair(session)
    with tenant_scope(session.tenant_id), transaction.atomic():
        update_last_login(User, user)
        session.save()
    return pair


def refresh_session(*, raw: str, at: datetime) -> tuple[User, TokenPair]:
    """Exchange a refresh token for a new pair. Each refresh token works once.

    :raises WrongCredentials: forged, used, expired or revoked.
    """
    found = session_of_refresh(raw)
    refused = WrongCredentials("The refresh token is invalid or no longer valid.")
    if found is None:
        raise refused
    session_id, token_id = found
    with across_tenants(), transaction.atomic():
        session = (
            Session.objects.usable(at)
            .filter(pk=session_id, user__is_active=True, tenant__is_active=True)
            .select_related("user__tenant")
            .select_for_update(of=("self",))
            .first()
        )
        if session is None or session.refresh_jti != token_id:
            raise refused
        session.expires_at = at + RefreshToken.lifetime
        pair = issue_pair(session)
        session.last_used_at = at
        session.save(update_fields=["refresh_jti", "expires_at", "last_used_at"])
        return session.user, pair


def revoke_session(*, session_id: UUID, at: datetime) -> None:
    """End a session: its access and refresh tokens stop working on the next request."""
    Session.objects.filter(pk=session_id, revoked_at__isnull=True).update(revoked_at=at)


def issue_token(*, user: User, name: str, days: int, at: datetime) -> str:
    """Return a long-lived access token for an integration or agent: a named, revocable session."""
    expires_at = at + timedelta(days=days)
    session = Session(  # type: ignore[misc]  # as above
        tenant_id=user.tenant_id, user=user, name=name, expires_at=expires_at
    )
    session.save()
    return issue_access(session, lifetime=timedelta(days=days))[0]


def drop_expired_sessions(*, before: datetime) -> int:
    """Delete the rows of sessions that expired before this moment. Returns how many."""
    return Session.objects.expired(before).delete()[0]
