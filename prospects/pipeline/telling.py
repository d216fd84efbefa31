"""What users are told about cards that come to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.notifications.services import Notice, notify_users
from prospects.pipeline.models import Prospect, TeamAssignment

ASSIGNED = "prospect_assigned"
MINE = "/prospects/list"


def path_of(prospect_id: int) -> str:
    """The path of a card, as notices link to it."""
    return f"/prospects/{prospect_id}"


def title_of(prospect_id: int) -> str:
    """What a card is called."""
    named = Prospect.objects.only("tenant_id", "company_name", "name", "email")
    return str(named.get(pk=prospect_id))


def tell_owners(owners: Mapping[int, int], *, at: datetime) -> None:
    """Tell users that cards are theirs now: of several at once by one summary each.

    :param owners: who owns which card, by its id.
    """
    cards: dict[int, list[int]] = defaultdict(list)
    for prospect_id, user_id in owners.items():
        cards[user_id].append(prospect_id)
    counts = {user_id: len(ids) for user_id, ids in cards.items() if len(ids) > 1}
    tell_of_many(counts, key=f"assigned:{at.isoformat()}")
    notify_users(
        _assigned(user_id, ids[0], title_of(ids[0]), "owner", at)
        for user_id, ids in cards.items()
        if len(ids) == 1
    )


def tell_of_many(counts: Mapping[int, int], *, key: str) -> None:
    """Tell users how many cards are theirs now.

    :param counts: the number of cards by the user's id.
    :param key: the event, as in Notice.
    """
    notify_users(
        Notice(
            user_id=user_id,
            type=ASSIGNED,
            key=key,
            title=_("Prospects for you"),
            body=format_lazy(
                ngettext_lazy(
                    "{count} prospect was assigned to you.",
                    "{count} prospects were assigned to you.",
                    count,
                ),
                count=count,
            ),
            url=MINE,
        )
        for user_id, count in counts.items()
    )


def tell_team(prospect_id: int, parts: Mapping[str, int], *, at: datetime) -> None:
    """Tell users which part in a card's team is theirs now.

    :param parts: who plays it, by the role.
    """
    if parts:
        title = title_of(prospect_id)
        notify_users(
            _assigned(user_id, prospect_id, title, role, at) for role, user_id in parts.items()
        )


def _assigned(user_id: int, prospect_id: int, title: str, part: str, at: datetime) -> Notice:
    body: Any = title
    if part in TeamAssignment.Role.values:
        body = format_lazy("{}: {}", TeamAssignment.Role(part).label, title)
    return Notice(
        user_id=user_id,
        type=ASSIGNED,
        key=f"assigned:{prospect_id}:{part}:{at.isoformat()}",
        title=_("A prospect was assigned to you"),
        body=body,
        url=path_of(prospect_id),
    )
