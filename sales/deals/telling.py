"""What users are told about deals."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.notifications.services import Notice, notify_users
from accounts.users.models import User
from sales.deals.models import Deal

ASSIGNED, WON, LOST = "deal_assigned", "deal_won", "deal_lost"
TITLES = {
    ASSIGNED: _("A deal was assigned to you"),
    WON: _("A deal was won"),
    LOST: _("A deal was lost"),
}


def path_of(deal_id: int) -> str:
    """The path of a deal, as notices link to it."""
    return f"/deals/{deal_id}"


def tell_assigned(deal: Deal, *, at: datetime) -> None:
    """Tell the owner of a deal that it is theirs now."""
    _tell(deal, ASSIGNED, [deal.owner_id], at)


def tell_won(deal: Deal, *, at: datetime) -> None:
    """Tell the owner of a deal and the tenant's managers that it was won."""
    managers = User.objects.active().filter(role=User.Role.MANAGER)
    _tell(deal, WON, [deal.owner_id, *managers.values_list("pk", flat=True)], at)


def tell_lost(deal: Deal, *, at: datetime) -> None:
    """Tell the owner of a deal that it was lost, and why if that is known."""
    _tell(deal, LOST, [deal.owner_id], at)


def _tell(deal: Deal, kind: str, user_ids: Iterable[int | None], at: datetime) -> None:
    body: Any = format_lazy("{}: {} {}", deal.name, f"{deal.amount:,.2f}", deal.currency)
    if deal.lost_reason:
        body = format_lazy("{}. {}", body, deal.lost_reason)
    notify_users(
        Notice(
            user_id=user_id,
            type=kind,
            key=f"{kind}:{deal.pk}:{at.isoformat()}",
            title=TITLES[kind],
            body=body,
            url=path_of(deal.pk),
        )
        for user_id in dict.fromkeys(user_ids)
        if user_id is not None
    )
