"""What a person or a company was billed and paid, and what that leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from core.tenancy import current_tenant
from prospects.contacts.models import Contact

MOST_ENTRIES = 500
# A draft or cancelled invoice bills nothing. Each currency is an account of its own; what happened
# on one day stands in the order invoices, payments, refunds; a refund goes by its payment's id.
ENTRIES = """
    WITH owed AS (
        SELECT id, number, currency, total, issued_at FROM sales_invoice
        WHERE tenant_id = %(tenant)s AND contact_id = ANY(%(contacts)s) AND deleted_at IS NULL
          AND status IN ('sent', 'paid')
    ), came AS (
        SELECT p.* FROM sales_payment p JOIN owed ON owed.id = p.invoice_id
        WHERE p.deleted_at IS NULL
    ), entry AS (
        SELECT issued_at AS day, 'invoice' AS type, 1 AS rank, id, 0 AS nth, id AS invoice_id,
               'FAC-' || lpad(number::text, greatest(6, length(number::text)), '0') AS reference,
               currency, total AS amount
        FROM owed
        UNION ALL
        SELECT (paid_at AT TIME ZONE %(zone)s)::date, 'payment', 2, id, 0, invoice_id, reference,
               currency, -amount
        FROM came
        UNION ALL
        SELECT (r.refunded_at AT TIME ZONE %(zone)s)::date, 'refund', 3, came.id, r.id,
               came.invoice_id, r.reason, came.currency, r.amount
        FROM came JOIN sales_refund r ON r.payment_id = came.id
    )
    SELECT day, type, id, invoice_id, reference, currency, amount,
           sum(amount) OVER (PARTITION BY currency ORDER BY day, rank, id, nth) AS balance
    FROM entry ORDER BY day DESC, rank DESC, id DESC, nth DESC LIMIT %(most)s
"""
TOTALS = """
    SELECT currency, sum(total) AS invoiced, sum(amount_paid) AS paid,
           sum(total - amount_paid) AS balance,
           coalesce(sum(total - amount_paid) FILTER (WHERE due_at < %(today)s), 0) AS overdue
    FROM sales_invoice
    WHERE tenant_id = %(tenant)s AND contact_id = ANY(%(contacts)s) AND deleted_at IS NULL
      AND status IN ('sent', 'paid')
    GROUP BY currency ORDER BY currency
"""


@dataclass(frozen=True)
class Day:
    """A day, and the time zone in which payments are of days."""

    today: date
    zone: str


def statement_of_contact(contact_id: int, day: Day) -> dict[str, Any]:
    """Return the account of a contact: sums by currency, and the newest entries with the balance
    that each left."""
    return {"contact_id": contact_id, **_account([contact_id], day)}


def statement_of_company(company_id: int, day: Day) -> dict[str, Any]:
    """Return the account of all people of a company together, as statement_of_contact does."""
    people = Contact.all_objects.filter(prospect__company=company_id)
    return {"company_id": company_id, **_account(list(people.values_list("pk", flat=True)), day)}


def _account(contact_ids: list[int], day: Day) -> dict[str, Any]:
    values = {
        "tenant": current_tenant(),
        "contacts": contact_ids,
        "zone": day.zone,
        "today": day.today,
        "most": MOST_ENTRIES,
    }
    return {"totals": _rows(TOTALS, values), "entries": _rows(ENTRIES, values)}


def _rows(sql: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
