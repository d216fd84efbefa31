"""The planned follow-ups of some days: one statement reads them as columns, in the wire's words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet

from core.tenancy import current_tenant
from prospects.board.querysets import COMPANY_TABLE
from prospects.board.rows import fetch

ACTIVITIES = f"""
    SELECT n.id,
           coalesce(nullif(card.company_name, ''), nullif(card.name, ''), card.email)
             AS entity_name,
           CASE WHEN company.id IS NULL THEN 'prospect' ELSE 'company' END AS entity_type,
           coalesce(company.id, card.id) AS entity_id, n.action, n.note AS comment,
           n.scheduled_at AS scheduled_date, author.name AS created_by_name,
           category.name AS follow_name
    FROM prospects_followupnote n
    JOIN ({{cards}}) AS card(id, company_name, name, email, category_id) ON card.id = n.prospect_id
    JOIN prospects_followupcategory category ON category.id = card.category_id
    LEFT JOIN {COMPANY_TABLE} company
      ON company.prospect_id = card.id AND company.deleted_at IS NULL
    LEFT JOIN accounts_user author ON author.id = n.created_by_id
    WHERE n.tenant_id = %s AND n.scheduled_at >= %s AND n.scheduled_at < %s
    ORDER BY n.scheduled_at, n.id
"""


def read_activities(cards: Any, *, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """Return what is planned for these cards from `since` up to before `until`, oldest first.

    :param cards: a queryset of the cards that count.
    """
    columns = cards.order_by().values_list("id", "company_name", "name", "email", "category_id")
    try:
        sql, params = columns.query.sql_with_params()
    except EmptyResultSet:  # the filters contradict each other
        return []
    return fetch(ACTIVITIES.format(cards=sql), (*params, current_tenant(), since, until))
