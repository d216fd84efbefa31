from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.db.models import Q

from core.tenancy import InCurrentTenant


class UserQuerySet(models.QuerySet):
    """Users of the tenant acted for; all of them, operators included, when acting for everyone."""

    def active(self) -> UserQuerySet:
        """Those who may sign in."""
        return self.filter(is_active=True)

    def search(self, text: str) -> UserQuerySet:
        """Those whose name or email contains the text."""
        return self.filter(Q(name__icontains=text) | Q(email__icontains=text))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Users never leak into another tenant: running a query as nobody raises."""

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(InCurrentTenant("tenant"))

    def get_by_natural_key(self, username: str | None) -> Any:
        return self.get(email=(username or "").strip().lower())

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Any:
        """Create an operator: no tenant, every right in the back office."""
        user = self.model(email=email.strip().lower(), is_superuser=True, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user
