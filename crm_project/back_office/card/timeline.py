"""All that happened with a card, newest first: told, moved, mailed, offered, billed, paid.

One statement, an arm for each kind. Who sees a card sees its people, and with them their deals and
documents (`visible_to` of each): no arm asks again, but for the right to look at its kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.dateparse import parse_datetime

from core.tenancy import current_tenant
from crm_project.back_office.card.wording import Line, worded

LENGTH = 30  # entries of a page

# Each arm: at, kind, id (of the row it leads to), name, detail, state, amount, currency, who.
# `of_card` are the living people of the card.
NOTES = """
    SELECT n.created_at, 'note', n.id, n.action, n.note, '', NULL::numeric, '', n.created_by_id
    FROM prospects_followupnote n
    WHERE n.tenant_id = %(tenant)s AND n.prospect_id = %(card)s
"""
MOVES = """
    SELECT at, 'move', %(card)s, old.name, new.name, '', NULL, '', who FROM (
        SELECT pgh_created_at AS at, category_id AS before, (pgh_context->>'user')::bigint AS who,
               lead(category_id, 1, (SELECT category_id FROM prospects_prospect
                                     WHERE tenant_id = %(tenant)s AND id = %(card)s))
               OVER (ORDER BY pgh_id) AS after
        FROM prospects_prospectevent WHERE tenant_id = %(tenant)s AND pgh_obj_id = %(card)s
    ) AS step
    JOIN prospects_followupcategory old ON old.id = step.before
    JOIN prospects_followupcategory new ON new.id = step.after
    WHERE step.before IS DISTINCT FROM step.after
"""
ACTIVITIES = """
    SELECT a.completed_at, 'activity', a.id, a.type, a.subject, '', NULL, '', a.user_id
    FROM sales_activity a JOIN ({which}) AS about ON about.id = a.id
    WHERE a.tenant_id = %(tenant)s AND a.completed_at IS NOT NULL
""".format(
    which="""
        SELECT id FROM sales_activity WHERE contact_id IN (SELECT id FROM of_card)
        UNION SELECT id FROM sales_activity WHERE deal_id IN (SELECT id FROM of_deals)
        UNION SELECT a.id FROM sales_activity a JOIN clients_company firm ON firm.id = a.company_id
        WHERE firm.tenant_id = %(tenant)s AND firm.prospect_id = %(card)s
    """
)
STAGES = """
    SELECT s.entered_at, 'stage', d.id, d.name, s.stage_name, d.status, d.amount, d.currency,
           s.moved_by_id
    FROM sales_stagestay s JOIN sales_deal d ON d.id = s.deal_id
    WHERE s.tenant_id = %(tenant)s AND s.deal_id IN (SELECT id FROM of_deals)
"""
QUOTES = """
    SELECT created_at, 'quote', id, number::text, title, '', total, currency, created_by_id
    FROM sales_quote WHERE tenant_id = %(tenant)s AND deleted_at IS NULL
      AND contact_id IN (SELECT id FROM of_card)
    UNION ALL
    SELECT decided_at, 'quote', id, number::text, reject_reason, status, total, currency, NULL
    FROM sales_quote WHERE tenant_id = %(tenant)s AND deleted_at IS NULL AND decided_at IS NOT NULL
      AND contact_id IN (SELECT id FROM of_card)
"""
CONTRACTS = """
    SELECT created_at, 'contract', id, number::text, title, '', value, currency, created_by_id
    FROM sales_contract WHERE tenant_id = %(tenant)s AND deleted_at IS NULL
      AND contact_id IN (SELECT id FROM of_card)
    UNION ALL
    SELECT s.signed_at, 'contract', c.id, c.number::text, s.client_name, 'signed', c.value,
           c.currency, s.recorded_by_id
    FROM sales_signature s JOIN sales_contract c ON c.id = s.contract_id
    WHERE s.tenant_id = %(tenant)s AND c.deleted_at IS NULL
      AND c.contact_id IN (SELECT id FROM of_card)
"""
INVOICES = """
    SELECT created_at, 'invoice', id, number::text, title, '', total, currency, created_by_id
    FROM sales_invoice WHERE tenant_id = %(tenant)s AND deleted_at IS NULL
      AND contact_id IN (SELECT id FROM of_card)
"""
PAYMENTS = """
    SELECT paid_at, 'payment', id, method, reference, status, amount, currency, created_by_id
    FROM sales_payment WHERE tenant_id = %(tenant)s AND deleted_at IS NULL
      AND contact_id IN (SELECT id FROM of_card)
"""
MAILS = """
    SELECT m.created_at, 'mail_{kind}', d.id, m.subject, m.recipient,
           CASE WHEN m.viewed_at IS NULL THEN m.status ELSE 'viewed' END, NULL, '', m.asked_by_id
    FROM sales_{kind} d JOIN sales_documentmail m ON m.{kind}_id = d.id
    WHERE d.tenant_id = %(tenant)s AND d.deleted_at IS NULL
      AND d.contact_id IN (SELECT id FROM of_card)
"""
CAMPAIGNS = """
    SELECT r.sent_at, 'campaign', c.id, c.name, r.address,
           CASE WHEN r.clicked_at IS NOT NULL THEN 'clicked'
                WHEN r.opened_at IS NOT NULL THEN 'viewed' ELSE r.status END, NULL, '', NULL
    FROM sales_campaignrecipient r JOIN sales_campaign c ON c.id = r.campaign_id
    WHERE r.tenant_id = %(tenant)s AND r.sent_at IS NOT NULL
      AND r.contact_id IN (SELECT id FROM of_card)
"""
ARMS = (
    (NOTES, "prospects.view_prospect"),
    (MOVES, "prospects.view_prospect"),
    (ACTIVITIES, "sales.view_activity"),
    (STAGES, "sales.view_deal"),
    (QUOTES, "sales.view_quote"),
    (MAILS.format(kind="quote"), "sales.view_quote"),
    (CONTRACTS, "sales.view_contract"),
    (MAILS.format(kind="contract"), "sales.view_contract"),
    (INVOICES, "sales.view_invoice"),
    (MAILS.format(kind="invoice"), "sales.view_invoice"),
    (PAYMENTS, "sales.view_payment"),
    (CAMPAIGNS, "sales.view_campaign"),
)
STATEMENT = """
    WITH of_card AS MATERIALIZED (
        SELECT id FROM prospects_contact
        WHERE tenant_id = %(tenant)s AND prospect_id = %(card)s AND deleted_at IS NULL
    ), of_deals AS MATERIALIZED (
        SELECT DISTINCT p.deal_id AS id FROM sales_dealcontact p
        JOIN sales_deal d ON d.id = p.deal_id AND d.deleted_at IS NULL
        WHERE p.contact_id IN (SELECT id FROM of_card)
    ), entry(at, kind, id, name, detail, state, amount, currency, who) AS ({arms})
    SELECT entry.*, author.name AS author
    FROM entry LEFT JOIN accounts_user author ON author.id = entry.who
    {before}
    ORDER BY entry.at DESC, entry.kind DESC, entry.id DESC, entry.state DESC LIMIT %(length)s
"""
BEFORE = (
    "WHERE (entry.at, entry.kind, entry.id, entry.state) < (%(at)s, %(kind)s, %(id)s, %(state)s)"
)


@dataclass(frozen=True)
class Page:
    """Some of what happened, and from where on there is more ("" when that is all)."""

    lines: list[Line]
    more: str


def read_timeline(card_id: int, user: Any, *, after: str = "") -> Page:
    """Return what happened with a card that a user sees.

    :param after: `more` of the page before; what cannot be read stands for the beginning.
    """
    arms = [sql for sql, right in ARMS if user.has_perm(right)]
    place = _place(after)
    params = {"tenant": current_tenant(), "card": card_id, "length": LENGTH + 1, **(place or {})}
    sql = STATEMENT.format(arms=" UNION ALL ".join(arms), before=BEFORE if place else "")
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    more = ""
    if len(rows) > LENGTH:
        last = rows[LENGTH - 1]
        more = f"{last['at'].isoformat()}|{last['kind']}|{last['id']}|{last['state']}"
    return Page([worded(row) for row in rows[:LENGTH]], more)


def _place(after: str) -> dict[str, Any] | None:
    at, _bar, rest = after.partition("|")
    kind, _bar, rest = rest.partition("|")
    row_id, _bar, state = rest.partition("|")
    moment = _moment(at)
    if moment is None or not row_id.isdecimal() or len(row_id) > 18:
        return None
    return {"at": moment, "kind": kind, "id": int(row_id), "state": state}


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None
