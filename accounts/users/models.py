from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pghistory
import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from accounts.users import roles
from accounts.users.querysets import UserManager
from core.fields import TenantForeignKey, tenant_key
from core.models import TenantEvent, TouchUpdatedAt
from core.tallies import NAMES, tallied_by_row


@pghistory.track(
    pghistory.UpdateEvent(row=pghistory.Old),
    exclude=["password", "last_login", "updated_at", "avatar"],
    base_model=TenantEvent,
    model_name="UserEvent",
)
class User(AbstractBaseUser, PermissionsMixin):  # type: ignore[django-manager-missing]
    """Somebody who signs in: a person of a tenant, or an operator (superuser) outside of all."""

    class Role(models.TextChoices):
        ADMIN = roles.ADMIN, _("Admin")
        MANAGER = roles.MANAGER, _("Manager")
        SALES = roles.SALES, _("Sales")
        VIEWER = roles.VIEWER, _("Viewer")

    tenant = models.ForeignKey(
        "accounts.Tenant",
        on_delete=models.CASCADE,
        related_name="users",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("tenant"),
    )
    email = models.EmailField(_("email"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=255)
    avatar = TenantForeignKey(
        "accounts.Picture",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        db_index=False,
        verbose_name=_("picture"),
    )
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may sign in to the back office"), default=True)
    two_factor_since = models.DateTimeField(
        _("two-factor sign-in since"), null=True, editable=False
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        permissions = [
            ("crm-access", "Use the CRM [319]"),
            ("crm-menu", "See the CRM's menu, locations and analytics"),
            ("crm-partners", "Work with partners"),
            ("all-prospects", "See every prospect of the tenant"),
            ("share-views", "Share saved views with the tenant"),
            ("export-rows", "Export lists"),
        ]
        constraints = [
            tenant_key("accounts_user"),
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="accounts_user_email_lower_case"
            ),
            models.CheckConstraint(
                condition=Q(is_superuser=True, tenant__isnull=True, role="")
                | Q(is_superuser=False, tenant__isnull=False, role__gt=""),
                name="accounts_user_is_of_a_tenant_or_operator",
            ),
        ]
        triggers = [
            TouchUpdatedAt(),
            tallied_by_row(
                NAMES,
                pgtrigger.UpdateOf("name"),
                condition=pgtrigger.Condition(
                    "OLD.name IS DISTINCT FROM NEW.name AND NEW.tenant_id IS NOT NULL"
                ),
            ),
            pgtrigger.Trigger(
                name="revoke_sessions",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("password", "is_active"),
                condition=pgtrigger.Condition(
                    "OLD.password IS DISTINCT FROM NEW.password OR (OLD.is_active AND NOT "
                    "NEW.is_active)"
                ),
                func=(
                    "UPDATE accounts_session SET revoked_at = now() "
                    "WHERE user_id = NEW.id AND revoked_at IS NULL; RETURN NULL;"
                ),
            ),
            pgtrigger.Trigger(
                name="end_password_links",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("password", "email"),
                condition=pgtrigger.Condition(
                    "OLD.password IS DISTINCT FROM NEW.password OR OLD.email <> NEW.email"
                ),
                func=(
                    "UPDATE accounts_passwordlink SET ended_at = now() "
                    "WHERE user_id = NEW.id AND ended_at IS NULL; RETURN NULL;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]

    def check_password(self, raw_password: str | None) -> bool:
        """Whether this is the password. An outdated hash is renewed without ending sessions."""

        def renew_hash(raw: str) -> None:
            self.set_password(raw)
            self._password = None  # the password itself has not changed
            kept = ("accounts.User:revoke_sessions", "accounts.User:end_password_links")
            with pgtrigger.ignore(*kept):
                self.save(update_fields=["password"])

        return check_password(raw_password, self.password, renew_hash)

    @property
    def extra_codes(self) -> frozenset[str]:
        """Permission codes granted to this user beyond the role (one query, then remembered)."""
        if not hasattr(self, "_extra_codes"):
            rows = self.user_permissions.values_list("content_type__app_label", "codename")
            self._extra_codes = frozenset(f"{label}.{codename}" for label, codename in rows)
        return self._extra_codes

    def remember_extra_codes(self, codes: Iterable[str]) -> None:
        """Take the extra permission codes from a query that has read them already."""
        self._extra_codes = frozenset(codes)

    @property
    def permission_codes(self) -> frozenset[str]:
        """Every permission code this user holds; empty once deactivated."""
        return roles.role_codes(self.role) | self.extra_codes if self.is_active else frozenset()

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Whether the user holds a permission. Rights on one row are visible_to's business."""
        return self.is_active and (self.is_superuser or perm in self.permission_codes)

    def has_perms(self, perm_list: Iterable[str], obj: Any = None) -> bool:
        return all(self.has_perm(perm) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and (
            self.is_superuser
            or any(code.startswith(f"{app_label}.") for code in self.permission_codes)
        )
