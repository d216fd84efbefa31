"""What people were told."""

from __future__ import annotations

from accounts.models import Notification
from core.tenancy import tenant_scope
from tests.people import Person


def told(person: Person) -> list[tuple[str, str, str]]:
    """Type, text and link of what somebody was told, the oldest first."""
    with tenant_scope(person.user.tenant_id):
        mine = Notification.objects.of(person.user).order_by("pk")
        return list(mine.values_list("type", "body", "url"))
