from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import Permission
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from psycopg.errors import UniqueViolation

from accounts.tenants.models import Tenant
from accounts.users.models import User
from core.errors import DomainError, InvalidInput, NotAllowed
from core.tenancy import across_tenants


class EmailTaken(DomainError):
    """Somebody, in this or another tenant, signs in with this address already."""

    code = "email_taken"
    status = 400


def email_is_taken(email: str) -> bool:
    """Whether anybody signs in with this address, whatever their tenant."""
    with across_tenants():
        return User.objects.filter(email=email.strip().lower()).exists()


def check_password_rules(password: str, user: User | None = None) -> None:
    """Apply Django's password validators.

    :raises InvalidInput: with what is wrong with it.
    """
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidInput(error.messages[0], fields={"password": error.messages}) from error


def create_user(*, tenant: Tenant, name: str, email: str, role: str, password: str | None) -> User:
    """Create a user of a tenant; without a password nobody can sign in as them yet.

    :raises EmailTaken: the address signs somebody in already.
    :raises InvalidInput: the password breaks the rules.
    :raises ValidationError: name, email or role are malformed.
    """
    email = email.strip().lower()
    taken = EmailTaken("This email is taken.", fields={"email": ["This email is taken."]})
    if email_is_taken(email):
        raise taken
    user = User(tenant=tenant, name=name, email=email, role=role)
    if password is not None:
        check_password_rules(password, user)
    user.set_password(password)
    user.clean_fields(exclude={"tenant"})
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:  # somebody took it since we looked
        if isinstance(error.__cause__, UniqueViolation):
            raise taken from error
        raise
    return user


def rename_user(*, user_id: int, name: str) -> None:
    """Change what somebody of the tenant acted for is called."""
    User.objects.filter(pk=user_id).update(name=name)


def grant_permissions(*, user: User, permissions: Iterable[Permission], by: User) -> None:
    """Set what a user may do beyond their role.

    :raises NotAllowed: for a permission that the one who grants does not hold: what somebody else
        has granted before may stay, nothing may be added.
    """
    wanted = {_code(permission): permission for permission in permissions}
    added = set(wanted) - user.extra_codes
    foreign = [code for code in added if not by.has_perm(code)]
    if foreign:
        raise NotAllowed(f"You do not hold {sorted(foreign)[0]} yourself.")
    user.user_permissions.set(wanted.values())
    user.remember_extra_codes(wanted)


def _code(permission: Permission) -> str:
    return f"{permission.content_type.app_label}.{permission.codename}"
