from __future__ import annotations

from typing import Any

from core.errors import NotFound
from core.kept_plans import fetch_kept
from core.tenancy import current_tenant
from prospects.duplicates.probes import HOST, Evidence, Key
from prospects.duplicates.services import evidence_for_cards, keys_of
from prospects.pipeline.keys import NOBODYS_TAX_IDS, host_key
from prospects.pipeline.querysets import seen_condition

MOST_CARDS = 50  # that are shown, the most similar ones
# How much one kind of evidence says.
WEIGHTS = {
    Evidence.EMAIL: 10,
    Evidence.PHONE: 10,
    Evidence.TAX_ID: 8,
    Evidence.COMPANY: 5,
    Evidence.PERSON: 3,
    Evidence.DOMAIN: 3,
}

_PEOPLE = "FROM prospects_contact c WHERE c.prospect_id = p.id AND c.deleted_at IS NULL"
KEYS = f"""
    SELECT p.company_name, p.name, company.tax_id,
           ARRAY(SELECT c.email {_PEOPLE} AND c.email > ''
                 UNION SELECT unnest(c.more_emails) {_PEOPLE}) AS emails,
           ARRAY(SELECT c.phone_code || ' ' || c.phone {_PEOPLE} AND c.phone > ''
                 UNION SELECT concat(more->>'code', ' ', more->>'phone')
                 FROM prospects_contact c CROSS JOIN LATERAL jsonb_array_elements(c.more_phones)
                      AS more
                 WHERE c.prospect_id = p.id AND c.deleted_at IS NULL) AS phones,
           ARRAY(SELECT {HOST.format(column="company.domain")}
                 UNION SELECT {HOST.format(column="shop.url")}
                 FROM clients_integration shop WHERE shop.company_id = company.id
                 UNION SELECT {HOST.format(column="partner.url")}
                 FROM prospects_partnerdata partner WHERE partner.prospect_id = p.id) AS hosts
    FROM prospects_prospect p
    LEFT JOIN clients_company company ON company.prospect_id = p.id AND company.deleted_at IS NULL
    WHERE p.id = %s AND p.tenant_id = coalesce(%s, p.tenant_id) AND p.deleted_at IS NULL
      AND {{seen}}
"""
CARDS = """
    SELECT p.id, p.name, p.company_name, p.email, p.phone_code, p.phone,
           company.id AS company_id, p.category_id AS follow_up_id, category.name AS follow_name,
           p.owner_id AS created_by, owner.name AS created_by_name, p.created_at
    FROM unnest(%s::bigint[]) AS found (id)
    JOIN prospects_prospect p ON p.id = found.id
    JOIN prospects_followupcategory category ON category.id = p.category_id
    LEFT JOIN accounts_user owner ON owner.id = p.owner_id
    LEFT JOIN clients_company company ON company.prospect_id = p.id
    WHERE p.tenant_id = coalesce(%s, p.tenant_id) AND p.deleted_at IS NULL AND {seen}
      AND NOT EXISTS (
          SELECT FROM clients_distinctcards AS distinct_cards
          WHERE one_id = least(p.id, %s) AND other_id = greatest(p.id, %s)
      )
"""


def duplicates_of(*, prospect_id: int, seen_by: Any) -> list[dict[str, Any]]:
    """Return the visible cards that may be about the same as this one, the most similar first.

    Each with its `evidence`: what it has in common with this card. Those that are known not to be
    the same are left out. Three statements, each by index.

    :raises NotFound: there is no such card, or `seen_by` may not see it.
    """
    found = evidence_for_cards(_keys_of_card(prospect_id, seen_by), besides=prospect_id)
    if not found:
        return []
    best = sorted(found, key=lambda pk: (-_weight(found[pk]), pk))
    seen, params = seen_condition(seen_by)
    given = (best, current_tenant(), *params, prospect_id, prospect_id)
    rows = fetch_kept(CARDS.format(seen=seen), given)
    cards = {row["id"]: {**row, "evidence": _evidence(found[row["id"]])} for row in rows}
    return [cards[pk] for pk in best if pk in cards][:MOST_CARDS]


def _keys_of_card(prospect_id: int, seen_by: Any) -> dict[Evidence, set[str]]:
    seen, params = seen_condition(seen_by)
    rows = fetch_kept(KEYS.format(seen=seen), (prospect_id, current_tenant(), *params))
    if not rows:
        raise NotFound("There is no such prospect.")
    (card,) = rows
    keys = keys_of(
        company_name=card["company_name"],
        names=[card["name"]],
        emails=card["emails"],
        phones=card["phones"],
        domains=[host_key(host) for host in card["hosts"] if host],
    )
    return {**keys, Evidence.TAX_ID: {card["tax_id"] or ""} - NOBODYS_TAX_IDS - {""}}


def _weight(keys: list[Key]) -> int:
    return sum(WEIGHTS[kind] for kind in {kind for kind, _ in keys})


def _evidence(keys: list[Key]) -> list[dict[str, str]]:
    ordered = sorted(keys, key=lambda key: (list(Evidence).index(key[0]), key[1]))
    return [{"key": kind.value, "value": shown_key(kind, value)} for kind, value in ordered]


def shown_key(kind: Evidence, value: str) -> str:
    """A key as people write it."""
    return f"+{value}" if kind is Evidence.PHONE else value
