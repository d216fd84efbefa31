"""One card, whole, as `GET /prospects/{id}` answers it: a few statements that read columns."""

from __future__ import annotations

from typing import Any

import orjson

from core.errors import NotFound
from core.kept_plans import fetch_kept
from core.tenancy import current_tenant
from prospects.board.querysets import COMPANY_TABLE
from prospects.board.rows import Clock, shipments_band, tier_name
from prospects.cards.timeline import NOTES_TOTAL, read_notes
from prospects.pipeline.models import TeamAssignment
from prospects.pipeline.querysets import seen_condition

# Keys of the answer that are columns of the statement below.
PROSPECT = (
    *("id", "name", "company_name", "email", "phone_code", "phone", "company_id", "follow_up_id"),
    *("follow_name", "locale_id", "type", "status", "created_by", "created_by_name", "created_at"),
    *("updated_at", "external_id", "verified", "balance"),
)
FOLLOW_DATA = (
    *("channel", "account_value", "monthly_shipments", "ecommerce_type_id", "weight_id"),
    *("content_id", "plan_type_id", "lead_status_id", "campaign_id", "onboarding_status_id"),
    *("account_type", "estimated_close_date", "commercial_offer_date", "annotations", "services"),
)

CARD = f"""
    SELECT p.id, p.name, p.company_name, p.email, p.phone_code, p.phone, company.id AS company_id,
           p.category_id AS follow_up_id, category.name AS follow_name, p.locale_id, p.type,
           1 AS status, p.owner_id AS created_by, owner.name AS created_by_name, p.created_at,
           p.updated_at, p.external_id, p.verified_at IS NOT NULL AS verified,
           coalesce(company.balance, 0) AS balance, company.tier, p.channel, p.account_value,
           p.monthly_shipments, p.ecommerce_type_id, p.weight_range_id AS weight_id, p.content_id,
           p.plan_type_id, p.lead_status_id, p.campaign_id, p.onboarding_status_id, p.account_type,
           p.estimated_close_date, p.commercial_offer_date, p.annotations, p.first_contact_at,
           p.last_contact_at, p.next_contact_at, p.category_changed_at,
           ARRAY(SELECT s.service_id FROM prospects_prospectservice s
                 WHERE s.prospect_id = p.id ORDER BY s.service_id) AS services,
           (SELECT jsonb_object_agg(t.role, t.user_id) FROM prospects_teamassignment t
            WHERE t.prospect_id = p.id)::text AS team,
           {NOTES_TOTAL} AS notes_total
    FROM prospects_prospect p
    JOIN prospects_followupcategory category ON category.id = p.category_id
    LEFT JOIN accounts_user owner ON owner.id = p.owner_id
    LEFT JOIN {COMPANY_TABLE} company ON company.prospect_id = p.id
    WHERE p.id = %s AND p.tenant_id = %s AND p.deleted_at IS NULL AND {{seen}}
"""
# The primary person is the card itself: told of a client alone.
CONTACTS = """
    SELECT id, trim(first_name || ' ' || last_name) AS name, email, phone_code, phone, position,
           is_primary AS "isDefault"
    FROM prospects_contact
    WHERE prospect_id = %s AND tenant_id = %s AND deleted_at IS NULL
      AND (%s::boolean OR NOT is_primary)
    ORDER BY is_primary DESC, id
"""
LOCATIONS = """
    SELECT id, name, link, type FROM prospects_location
    WHERE prospect_id = %s AND tenant_id = %s ORDER BY id
"""
PARTNER_DATA = """
    SELECT url, partner_type_id, partner_origin_id, rating, locale_id, social_network
    FROM prospects_partnerdata WHERE prospect_id = %s AND tenant_id = %s
"""


def read_card(
    prospect_id: int,
    *,
    clock: Clock,
    user: Any = None,
    notes_before: int | None = None,
    as_partner: bool = False,
    with_primary: bool = False,
) -> dict[str, Any]:
    """Return a card with its latest notes, its contacts and locations.

    :param notes_before: id of a note of the card: the notes before it are read (read_notes).
    :param as_partner: whether `partner_data` is told too, null where there is none.
    :param user: who asks; None right after a write of theirs, which may have taken the card from
        them.
    :param with_primary: whether the primary person is among the contacts.
    :raises NotFound: there is no such card, or this user may not see it.
    """
    seen, params = seen_condition(user) if user else ("true", ())
    rows = fetch_kept(CARD.format(seen=seen), (prospect_id, current_tenant(), *params))
    if not rows:
        raise NotFound("There is no such prospect.")
    (card,) = rows
    origin = "company" if card["company_id"] else "prospect"
    key = (prospect_id, current_tenant())
    partner = fetch_kept(PARTNER_DATA, key) if as_partner else []
    return {
        "prospect": {name: card[name] for name in PROSPECT} | {"tier": tier_name(card["tier"])},
        "follow_data": _follow_data(card, clock),
        "notes": read_notes(prospect_id, origin=origin, before=notes_before),
        "notes_total": card["notes_total"],
        "contacts": fetch_kept(CONTACTS, (*key, with_primary)),
        "locations": fetch_kept(LOCATIONS, key),
        **({"partner_data": next(iter(partner), None)} if as_partner else {}),
    }


def _follow_data(card: dict[str, Any], clock: Clock) -> dict[str, Any]:
    team = orjson.loads(card["team"] or "{}")
    return {name: card[name] for name in FOLLOW_DATA} | {
        "monthly_shipments_desc": shipments_band(card["monthly_shipments"]),
        "assignments": {role: team.get(role) for role in TeamAssignment.Role.values},
        "first_contact": clock.day(card["first_contact_at"]),
        "last_contact": clock.day(card["last_contact_at"]),
        "next_contact": clock.day(card["next_contact_at"]),
        "days_uc": clock.days_since(card["category_changed_at"]),
        "days_without_contact": clock.days_since(card["last_contact_at"] or card["created_at"]),
    }
