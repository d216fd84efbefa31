"""Who sees a card, and by which rule: asked with the very SQL that the lists are narrowed by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from accounts.users.models import User
from accounts.users.roles import role_codes
from core.rights import ALL_PROSPECTS, CHANGE_PROSPECT
from core.tenancy import current_tenant
from prospects.pipeline.models import TeamAssignment
from prospects.pipeline.querysets import OWN, SHARED, SHARED_TO_CHANGE, TEAM

ALL, OWNER, ON_TEAM, LOOKING, CHANGING = (
    "all_prospects",
    "owner",
    "team",
    "share_view",
    "share_change",
)
RULES = (ALL, OWNER, ON_TEAM, LOOKING, CHANGING)


def _is_among(cards: str) -> str:
    """SQL: whether the card is among these cards of user `u`."""
    own = cards.format(tenant="u.tenant_id", user="u.id")
    return f"EXISTS (SELECT FROM ({own}) AS mine(id) WHERE mine.id = %(card)s)"


ASK = f"""
    SELECT u.id, u.name, u.email, u.role, ARRAY(
               SELECT c.app_label || '.' || p.codename FROM accounts_user_user_permissions up
               JOIN auth_permission p ON p.id = up.permission_id
               JOIN django_content_type c ON c.id = p.content_type_id
               WHERE up.user_id = u.id
           ) AS extra_codes,
           ARRAY(
               SELECT t.role FROM prospects_teamassignment t
               WHERE t.prospect_id = %(card)s AND t.user_id = u.id ORDER BY t.role
           ) AS team_roles,
           {_is_among(OWN)} AS owner, {_is_among(TEAM)} AS team,
           {_is_among(SHARED)} AS share_view, {_is_among(SHARED + SHARED_TO_CHANGE)} AS share_change
    FROM accounts_user u
    WHERE u.tenant_id = %(tenant)s AND u.is_active AND NOT u.is_superuser
    ORDER BY owner DESC, u.name, u.id
"""


@dataclass(frozen=True)
class Access:
    """Somebody who sees a card.

    `rules` are those of RULES that let them, `team_roles` what they are on its team, and
    `is_granted` tells that they see every card by themselves, not by their role.
    """

    user_id: int
    name: str
    email: str
    role: str
    rules: tuple[str, ...]
    team_roles: tuple[str, ...]
    is_granted: bool
    can_change: bool

    @property
    def reasons(self) -> list[str]:
        """The rules as people say them."""
        return [_said(rule, self) for rule in self.rules]


def accesses_to(card_id: int) -> list[Access]:
    """Return who sees a live card of the tenant acted for, its owner first, by one statement."""
    with connection.cursor() as cursor:
        cursor.execute(ASK, {"card": card_id, "tenant": current_tenant()})
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return list(_seeing(rows))


def access_of(user: User, card_id: int) -> Access | None:
    """Return how a user sees a card of their tenant; None when they do not."""
    return next((each for each in accesses_to(card_id) if each.user_id == user.pk), None)


def _seeing(rows: list[dict[str, Any]]) -> Iterator[Access]:
    for row in rows:
        by_role = role_codes(row["role"])
        codes = by_role | set(row["extra_codes"])
        rules = tuple(
            rule for rule in RULES if (ALL_PROSPECTS in codes if rule == ALL else row[rule])
        )
        if CHANGING in rules:  # a share for changing is one for looking too
            rules = tuple(rule for rule in rules if rule != LOOKING)
        if rules:
            yield Access(
                user_id=row["id"],
                name=row["name"],
                email=row["email"],
                role=row["role"],
                rules=rules,
                team_roles=tuple(row["team_roles"]),
                is_granted=ALL_PROSPECTS not in by_role,
                can_change=CHANGE_PROSPECT in codes and rules != (LOOKING,),
            )


def _said(rule: str, access: Access) -> str:
    if rule == ON_TEAM:
        labels = dict(TeamAssignment.Role.choices)
        roles = ", ".join(str(labels.get(role, role)) for role in access.team_roles)
        return _("on its team: %s") % roles
    if rule == ALL:
        return (
            _("sees every card, as granted") if access.is_granted else _("sees every card by role")
        )
    texts = {
        OWNER: _("owns it"),
        LOOKING: _("it was shared for looking"),
        CHANGING: _("it was shared for changing"),
    }
    return texts[rule]
