"""What may be done to users: nobody hands out, or takes over, more than they hold."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Q

from accounts.tenants.models import Tenant
from accounts.users import roles
from accounts.users.models import User
from accounts.users.services import check_password_rules, create_user
from core.errors import NotAllowed, NotFound
from core.models import TenantEvent
from core.tenancy import current_tenant


def may_manage(*, user: User, by: Any) -> bool:
    """Whether `by` holds all that `user` holds: else a new password would be a way to more."""
    if by.is_superuser:
        return not user.is_superuser
    held_by_user = roles.role_codes(user.role) | user.extra_codes
    return by.tenant_id == user.tenant_id and held_by_user <= by.permission_codes


def grantable_roles(*, by: Any) -> list[str]:
    """The roles that grant nothing beyond what `by` holds."""
    return [
        role
        for role in User.Role.values
        if by.is_superuser or roles.role_codes(role) <= by.permission_codes
    ]


def grantable_permissions(*, by: Any, to: User | None) -> Any:
    """The permissions on the business that `by` holds, and what `to` was granted before."""
    wanted = (
        Q(pk__in=to.user_permissions.values("pk")) if to is not None and to.pk else Q(pk__in=[])
    )
    for code in roles.role_codes(roles.ADMIN) - roles.ADMIN_ACCOUNT_CODES:
        label, codename = code.split(".")
        if by.has_perm(code) and not _is_about_history(label, codename):
            wanted |= Q(content_type__app_label=label, codename=codename)
    order = ("content_type__app_label", "content_type__model", "codename")
    return Permission.objects.filter(wanted).select_related("content_type").order_by(*order)


def _is_about_history(label: str, codename: str) -> bool:
    """Past states are written by triggers: nobody is granted anything on them."""
    models = apps.get_app_config(label).models
    model = models.get(codename.partition("_")[2])
    return model is not None and issubclass(model, TenantEvent)


def add_user(*, by: Any, name: str, email: str, role: str, password: str) -> User:
    """Create a colleague in the tenant acted for.

    :raises NotAllowed: the role grants more than `by` holds.
    :raises EmailTaken: the address signs somebody in already.
    :raises InvalidInput: the password breaks the rules.
    """
    require_grantable(role, by)
    tenant = Tenant.objects.get(pk=current_tenant() or 0)
    return create_user(tenant=tenant, name=name, email=email, role=role, password=password)


@transaction.atomic
def edit_user(
    *, user_id: int, by: Any, name: str, role: str, is_active: bool, is_staff: bool
) -> User:
    """Change what a colleague is called, their role, and whether they may sign in.

    :raises NotFound: there is no such user.
    :raises NotAllowed: they or the new role hold more than `by`, it is `by` themselves whom it
        would lock out, or the tenant would be left without an admin.
    """
    user = lock_manageable(user_id, by)
    if role != user.role:
        require_grantable(role, by)
    stays = is_active and is_staff and role == user.role
    if user.pk == by.pk and not stays:
        raise NotAllowed("You cannot change your own role or lock yourself out.")
    if user.role == roles.ADMIN and user.is_active and not stays:
        require_another_admin(user)
    user.name, user.role, user.is_active, user.is_staff = name, role, is_active, is_staff
    user.save(update_fields=["name", "role", "is_active", "is_staff"])
    return user


@transaction.atomic
def set_password(*, user_id: int, by: Any, password: str) -> User:
    """Give a colleague a new password; their sessions end.

    :raises NotFound: there is no such user.
    :raises NotAllowed: they hold more than `by`.
    :raises InvalidInput: the password breaks the rules.
    """
    user = lock_manageable(user_id, by)
    check_password_rules(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    return user


def lock_manageable(user_id: int, by: Any) -> User:
    """Return a user, locked until the transaction ends.

    :raises NotFound: there is no such user.
    :raises NotAllowed: they hold more than `by`.
    """
    user: User | None = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise NotFound("There is no such user.")
    if not may_manage(user=user, by=by):
        raise NotAllowed("This user may do more than you: you cannot change them.")
    return user


def require_grantable(role: str, by: Any) -> None:
    """Refuse a role that may do more than `by`.

    :raises NotAllowed: it may.
    """
    if role not in grantable_roles(by=by):
        message = "You cannot give a role that may do more than you."
        raise NotAllowed(message, fields={"role": [message]})


def require_another_admin(user: User) -> None:
    """Refuse to lose the tenant's last admin.

    It locks the admins in one order, so that two of them cannot retire each other.

    :raises NotAllowed: there is no other active one.
    """
    admins = User.objects.active().filter(tenant_id=user.tenant_id, role=roles.ADMIN)
    ids = admins.order_by("pk").select_for_update().values_list("pk", flat=True)
    if set(ids) <= {user.pk}:
        raise NotAllowed("A tenant needs an active admin: name another one first.")
