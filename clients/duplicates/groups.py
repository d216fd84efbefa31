"""Cards of a tenant that share a key, group by group: for whoever tidies up."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.db import connection

from clients.duplicates.dismissing import distinct_pairs
from clients.duplicates.services import shown_key
from core.rights import ALL_PROSPECTS
from core.tenancy import current_tenant
from prospects.duplicates.probes import FOLDED, MOST, Evidence, cards_by_key
from prospects.pipeline.keys import NOBODYS_TAX_IDS, domain_key
from prospects.pipeline.models import Prospect

PAGE = 25  # keys at once

_CARDS = "FROM prospects_prospect p WHERE p.tenant_id = {t} AND p.deleted_at IS NULL AND {seen}"
_AMONG_CARDS = f"GROUP BY 1 HAVING count(*) BETWEEN 2 AND {MOST} ORDER BY 1"
_FURTHER = """
    FROM prospects_contact c JOIN prospects_prospect p ON p.id = c.prospect_id
    WHERE c.tenant_id = {t} AND c.deleted_at IS NULL AND NOT c.is_primary
      AND c.prospect_id IS NOT NULL AND p.deleted_at IS NULL AND {seen}
"""
_OTHER_CONTACT = """
    SELECT FROM prospects_contact other
    WHERE other.tenant_id = c.tenant_id AND other.deleted_at IS NULL
      AND other.prospect_id <> c.prospect_id
"""
_PERSON = FOLDED.format(column="p.name")
_DOMAIN = "split_part(p.email, '@', 2)"

# The next keys after one, in their order; each walks along an index. Email and phone are a card's
# own: another card has them by a person beside its primary contact.
_KEYS = {
    Evidence.EMAIL: f"""
        SELECT DISTINCT c.email {_FURTHER} AND c.email > '' AND c.email > %(after)s
          AND EXISTS ({_OTHER_CONTACT} AND other.email = c.email AND other.email > '')
        ORDER BY 1
    """,
    Evidence.PHONE: f"""
        SELECT DISTINCT c.phone_code || ' ' || c.phone, c.phone, c.phone_code {_FURTHER}
          AND c.phone > '' AND (c.phone, c.phone_code)
              > (split_part(%(after)s, ' ', 2), split_part(%(after)s, ' ', 1))
          AND (EXISTS (SELECT FROM prospects_prospect card
                       WHERE card.tenant_id = c.tenant_id AND card.phone = c.phone
                         AND card.phone_code = c.phone_code AND card.phone > ''
                         AND card.deleted_at IS NULL AND card.id <> c.prospect_id)
               OR EXISTS ({_OTHER_CONTACT} AND NOT other.is_primary AND other.phone = c.phone
                          AND other.phone_code = c.phone_code AND other.phone > ''))
        ORDER BY c.phone, c.phone_code
    """,
    Evidence.TAX_ID: f"""
        SELECT company.tax_id FROM clients_company company
        JOIN prospects_prospect p ON p.id = company.prospect_id
        WHERE company.tenant_id = {{t}} AND company.deleted_at IS NULL AND company.tax_id > ''
          AND company.tax_id > %(after)s AND p.deleted_at IS NULL AND {{seen}} {_AMONG_CARDS}
    """,
    Evidence.COMPANY: f"""
        SELECT p.company_key {_CARDS} AND p.company_key > '' AND p.company_key > %(after)s
        {_AMONG_CARDS}
    """,
    Evidence.PERSON: f"""
        SELECT {_PERSON} {_CARDS} AND p.name LIKE '%% %%' AND {_PERSON} > %(after)s {_AMONG_CARDS}
    """,
    Evidence.DOMAIN: f"""
        SELECT {_DOMAIN} {_CARDS} AND p.email > '' AND {_DOMAIN} > %(after)s {_AMONG_CARDS}
    """,
}


@dataclass(frozen=True)
class Group:
    """Visible cards that share a key; a client's comes first, then the oldest."""

    key: str
    cards: list[Prospect]


@dataclass(frozen=True)
class GroupsPage:
    """Some groups, and the key after which the next ones come; None when there are no more."""

    groups: list[Group]
    next_after: str | None


def possible_duplicates(*, kind: Evidence, after: str = "", seen_by: Any) -> GroupsPage:
    """Return groups of two to twenty cards that share a key of this kind, in the keys' order.

    Cards that are known not to be the same as any other of their group are left out. Four
    statements: the keys along an index, what is behind them, the cards, and what is known of them.

    :param after: the key that was the last of the page before.
    """
    keys = _next_keys(kind, after, seen_by)
    shown = [key for key in keys[:PAGE] if _is_evidence(kind, key)]
    found = {key: cards for (_, key), cards in cards_by_key({kind: shown}).items()}
    ids = set().union(*found.values())
    visible = Prospect.objects.visible_to(seen_by).filter(pk__in=ids)
    cards = {card.pk: card for card in visible.select_related("owner", "category", "company")}
    distinct = distinct_pairs(cards) if cards else set()
    alike = {key: _alike(found[key] & cards.keys(), distinct) for key in shown if key in found}
    groups = [
        Group(shown_key(kind, key), _in_order([cards[pk] for pk in ids]))
        for key, ids in alike.items()
        if ids
    ]
    return GroupsPage(groups, keys[PAGE - 1] if len(keys) > PAGE else None)


def _alike(ids: set[int], distinct: set[tuple[int, int]]) -> set[int]:
    """Those that may be the same as another of them."""
    pairs = set(combinations(sorted(ids), 2)) - distinct
    return {pk for pair in pairs for pk in pair}


def _next_keys(kind: Evidence, after: str, seen_by: Any) -> list[str]:
    seen, params = _seen(seen_by)
    sql = _KEYS[kind].format(t="%(tenant_id)s", seen=seen)
    given = {"tenant_id": current_tenant(), "after": after, **params}
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} LIMIT {PAGE + 1}", given)
        return [row[0] for row in cursor.fetchall()]


def _seen(user: Any) -> tuple[str, dict[str, Any]]:
    """visible_to as an SQL condition on a card `p`, with named parameters."""
    if user.has_perm(ALL_PROSPECTS):
        return "true", {}
    sql, params = Prospect.objects.visible_to(user).order_by().values("pk").query.sql_with_params()
    names = {f"seen_{number}": value for number, value in enumerate(params)}
    return f"p.id IN ({sql % tuple(f'%({name})s' for name in names)})", names


def _is_evidence(kind: Evidence, key: str) -> bool:
    if kind is Evidence.TAX_ID:
        return key not in NOBODYS_TAX_IDS
    return kind is not Evidence.DOMAIN or bool(domain_key(f"@{key}"))


def _in_order(cards: list[Prospect]) -> list[Prospect]:
    return sorted(cards, key=lambda card: (not hasattr(card, "company"), card.pk))
