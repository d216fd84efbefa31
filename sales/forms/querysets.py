from __future__ import annotations

from typing import Any

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
        sent: Any = self.model._default_manager.order_by()
        # A UNION, each arm an index look-up: an OR over two tables reads all that was ever sent.
        assigned, theirs = sent.filter(assigned_to=user.pk), sent.filter(contact__in=seen)
        return self.filter(pk__in=assigned.values("pk").union(theirs.values("pk")))


SubmissionManager = TenantManager.from_queryset(SubmissionQuerySet)
