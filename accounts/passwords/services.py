from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from accounts.passwords.models import PasswordLink
from accounts.sessions.models import Session
from accounts.tenants.models import Tenant
from accounts.users.editing import require_grantable
from accounts.users.models import User
from accounts.users.services import EmailTaken, check_password_rules, create_user
from core.errors import DomainError, InvalidInput, NotFound
from core.tasks import wake_system
from core.tenancy import across_tenants, current_tenant

Purpose = PasswordLink.Purpose

# One statement, whether anybody has the address or not.
ASK_FOR_RESET = """
    INSERT INTO accounts_passwordlink (tenant_id, user_id, purpose, due_at)
    SELECT u.tenant_id, u.id, 'reset', %(at)s
    FROM accounts_user u JOIN accounts_tenant t ON t.id = u.tenant_id AND t.is_active
    WHERE u.email = %(email)s AND u.is_active
"""


class LinkRefused(DomainError):
    """The link was used, is too old, or never was one: we do not say which."""

    code = "link_refused"
    status = 400


def request_reset(*, email: str, at: datetime) -> None:
    """Write down that somebody wants a new password; the worker mails them a link.

    Nothing differs for whom we do not know: neither the answer, nor what is waited for (the row
    is not flushed to disk before we answer), nor the worker's being woken.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute(ASK_FOR_RESET, {"email": email.strip().lower(), "at": at})
        wake_system("passwords.send_links")


@transaction.atomic
def invite_user(*, by: Any, name: str, email: str, role: str, at: datetime) -> User:
    """Create a colleague who chooses a password by a link that is mailed to them.

    :raises NotAllowed: the role grants more than `by` holds.
    :raises InvalidInput: the address cannot be invited: somebody, wherever, signs in with it.
    """
    require_grantable(role, by)
    tenant = Tenant.objects.get(pk=current_tenant() or 0)
    try:
        user = create_user(tenant=tenant, name=name, email=email, role=role, password=None)
    except EmailTaken as error:
        raise InvalidInput.of("email", "This address cannot be invited.") from error
    send_invitation(user=user, at=at)
    return user


@transaction.atomic
def invite_again(*, user_id: int, by: Any, at: datetime) -> User:
    """Mail another invitation to somebody who has not accepted yet; the earlier link ends.

    :raises NotFound: there is no such active user.
    :raises NotInvited: they have a password already.
    """
    user: User | None = User.objects.active().select_for_update().filter(pk=user_id).first()
    if user is None:
        raise NotFound("There is no such user.")
    if user.has_usable_password():
        raise NotInvited("This user has accepted already.")
    require_grantable(user.role, by)
    send_invitation(user=user, at=at)
    return user


class NotInvited(DomainError):
    """Nothing is left to be accepted."""

    code = "not_invited"


def send_invitation(*, user: User, at: datetime) -> None:
    """Write down that somebody is to be invited; the worker mails them a link."""
    PasswordLink.objects.filter(user=user, ended_at=None).update(ended_at=at)
    PasswordLink.objects.create(
        tenant_id=user.tenant_id, user=user, purpose=Purpose.INVITATION, due_at=at
    )
    wake_system("passwords.send_links")


def new_token() -> tuple[str, str]:
    """Return a token that nobody guesses, and its hash."""
    token = secrets.token_urlsafe(32)
    return token, _hashed(token)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def is_open(*, token: str, purpose: str, at: datetime) -> bool:
    """Whether a link still sets a password."""
    with across_tenants():
        return bool(_open(token, purpose, at).exists())


def set_password_by_link(*, token: str, purpose: str, password: str, at: datetime) -> User:
    """Set the password of whom a link was mailed to; their sessions and other links end.

    :raises LinkRefused: the link was used, is too old or never was one.
    :raises InvalidInput: the password breaks the rules; the link stays.
    """
    with across_tenants(), transaction.atomic():
        link = _open(token, purpose, at).select_for_update(of=("self",)).first()
        if link is None:
            raise LinkRefused("The link is not valid any more.")
        user: User = User.objects.select_related("tenant").get(pk=link.user_id)
        check_password_rules(password, user)
        user.set_password(password)
        user.save(update_fields=["password"])
        return user


def _open(token: str, purpose: str, at: datetime) -> Any:
    return PasswordLink.objects.filter(
        token_hash=_hashed(token),
        purpose=purpose,
        ended_at=None,
        valid_until__gt=at,
        user__is_active=True,
        tenant__is_active=True,
    )


@transaction.atomic
def change_password(
    *, user_id: int, current: str, password: str, session_id: UUID | None, at: datetime
) -> None:
    """Change one's own password; all other sessions end.

    :param session_id: the session that stays.
    :raises InvalidInput: the current password is wrong, or the new one breaks the rules.
    """
    user: User = User.objects.select_for_update().get(pk=user_id)
    if not user.check_password(current):
        raise InvalidInput.of("current_password", "This is not your password.")
    check_password_rules(password, user)
    mine = Session.objects.filter(pk=session_id, revoked_at=None)
    is_open = mine.select_for_update().exists()
    user.set_password(password)
    user.save(update_fields=["password"])  # a trigger ends every session
    if is_open:
        Session.objects.filter(pk=session_id).update(revoked_at=None)
