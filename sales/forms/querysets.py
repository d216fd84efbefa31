from __future__ import annotations

from typing import Any

from django.db.models import Q

from core.models import TenantManager, TenantQuerySet
from core.rights import ALL_PROSPECTS


class SubmissionQuerySet(TenantQuerySet):
    """What visitors sent."""

    def visible_to(self, user: Any) -> SubmissionQuerySet:
        """What was assigned to a user or came from somebody they see; all for `all-prospects`."""
        if user.has_perm(ALL_PROSPECTS):
            return self
        people: Any = self.model._meta.get_field("contact").related_model
        seen = people.objects.visible_to(user).order_by().values("pk")
        return self.filter(Q(assigned_to=user.pk) | Q(contact__in=seen))


SubmissionManager = TenantManager.from_queryset(SubmissionQuerySet)
