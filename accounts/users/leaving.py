"""Somebody leaves: what they looked after goes to a colleague.

`accounts` knows nobody above it: the apps above say what people look after, each once, when they
are loaded (`add_handover`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from django.db import transaction

from accounts.users import roles
from accounts.users.editing import lock_manageable, require_another_admin
from accounts.users.models import User
from core.errors import InvalidInput, NotAllowed


class Handover(Protocol):
    """Gives everything of one kind to another user of the tenant acted for, by set-based SQL, in
    the surrounding transaction; returns how many rows changed hands."""

    def __call__(self, *, from_id: int, to_id: int, at: datetime) -> int: ...


_handovers: dict[str, Handover] = {}


def add_handover(name: str, give: Handover) -> None:
    """Declare something that people look after: `add_handover("deals", hand_over_deals)`."""
    _handovers[name] = give


@transaction.atomic
def deactivate_user(*, user_id: int, to_id: int | None, by: Any, at: datetime) -> dict[str, int]:
    """Deactivate a colleague and give what they look after to another; their sessions end.

    :param to_id: who gets it; None leaves it with them.
    :raises NotFound: there is no such user.
    :raises NotAllowed: they hold more than `by`, are `by`, or are the last admin.
    :raises InvalidInput: there is no such active colleague who could get it.

    Returns how many of each kind changed hands.
    """
    user = lock_manageable(user_id, by)
    if user.pk == by.pk:
        raise NotAllowed("You cannot lock yourself out.")
    if user.role == roles.ADMIN and user.is_active:
        require_another_admin(user)
    if to_id is not None:
        _require_heir(to_id, user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    if to_id is None:
        return {}
    return {name: give(from_id=user.pk, to_id=to_id, at=at) for name, give in _handovers.items()}


def _require_heir(to_id: int, user: User) -> None:
    """Lock who gets it all, so that nobody deactivates them meanwhile."""
    heirs = User.objects.active().filter(tenant_id=user.tenant_id).exclude(pk=user.pk)
    if not heirs.select_for_update().filter(pk=to_id).exists():
        raise InvalidInput.of("hand_over_to", "There is no such active colleague.")
