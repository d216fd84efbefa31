"""Columns that say who of the tenant it was."""

from __future__ import annotations

from typing import Any

from django.db import models

from core.fields import TenantForeignKey


def colleague(verbose_name: Any) -> TenantForeignKey:
    """A link to a user, which is emptied when the user goes."""
    return TenantForeignKey(
        "accounts.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=verbose_name,
    )
