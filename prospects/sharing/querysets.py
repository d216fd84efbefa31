from __future__ import annotations

from typing import Any

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Exists, Min, OuterRef, Q
from guardian.managers import UserObjectPermissionManager

from core.models import TenantManager, TenantQuerySet

FOR_CHANGING = Q(permission__codename="change_prospect")


class ShareQuerySet(TenantQuerySet):
    """Rights on single cards, of the tenant acted for."""

    def on(self, prospect_id: int) -> ShareQuerySet:
        """What was given to whom of one card."""
        return self.filter(content_object_id=prospect_id)

    def by_user(self) -> Any:
        """One entry a user with what they may do; those who came first, first."""
        entries = self.values("user_id", "user__name").annotate(
            may_change=BoolOr(FOR_CHANGING), since=Min("created_at")
        )
        return entries.order_by("since", "user_id")

    def one_a_share(self) -> ShareQuerySet:
        """A share for changing as one row: that for looking, which goes with it, is left out."""
        rows: Any = self.model._default_manager
        more = rows.filter(
            FOR_CHANGING, user=OuterRef("user"), content_object=OuterRef("content_object")
        )
        return self.filter(FOR_CHANGING | ~Exists(more))


class ShareManager(TenantManager.from_queryset(ShareQuerySet), UserObjectPermissionManager):  # type: ignore[misc]
    """Speaks guardian's words (assign_perm, remove_perm) within the tenant acted for."""
