"""Quotes, invoices and payments of the measured tenant: each about one person, like its deals."""

from __future__ import annotations

import time
from typing import Any

from benchmarks.database import connect, value_of
from benchmarks.people import find_tenant
from core.embedded.errors import EmbeddedError

TABLES = (
    "sales_quote, sales_quoteitem, sales_invoice, sales_invoiceitem, sales_payment, "
    "sales_documentcounter"
)
# People in an order that has nothing to do with their age; each gets a document. Nine in ten were
# sent; of what was, every fifth is decided (a quote) or paid (an invoice).
PERSON = """
    person AS MATERIALIZED (
        SELECT picked.*, 1000 + (number * 7919) %% 500000 AS net, (number %% 4000)::int AS age
        FROM (
            SELECT c.id AS contact_id, card.owner_id,
                   row_number() OVER (ORDER BY hashint8(c.id), c.id) AS number
            FROM prospects_contact c JOIN prospects_prospect card ON card.id = c.prospect_id
            WHERE c.tenant_id = %(tenant)s AND c.is_primary AND card.deleted_at IS NULL
            ORDER BY number LIMIT %(documents)s
        ) AS picked
    )
"""
COLUMNS = """
    tenant_id, number, title, currency, notes, terms, billing_address, contact_id, owner_id,
    created_by_id, subtotal, tax_total, total, status, sent_at, created_at
"""
VALUES = """
    %(tenant)s, number, 'Plan ' || number, CASE WHEN number %% 5 = 0 THEN 'USD' ELSE 'MXN' END, '',
    '', '', contact_id, owner_id, owner_id, net, round(net * 0.16, 2), net + round(net * 0.16, 2),
"""
MADE = "now() - age * interval '6 hours'"
QUOTES = f"""
    WITH {PERSON}
    INSERT INTO sales_quote ({COLUMNS}, valid_until, decided_at, reject_reason)
    SELECT {VALUES}
           CASE WHEN number %% 10 = 0 THEN 'draft' WHEN number %% 5 = 1 THEN 'approved'
                ELSE 'sent' END,
           CASE WHEN number %% 10 > 0 THEN {MADE} END, {MADE},
           ({MADE} + interval '30 days')::date, CASE WHEN number %% 5 = 1 THEN {MADE} END, ''
    FROM person ORDER BY number
"""
INVOICES = f"""
    WITH {PERSON}
    INSERT INTO sales_invoice ({COLUMNS}, issued_at, due_at, amount_paid)
    SELECT {VALUES}
           CASE WHEN number %% 10 = 0 THEN 'draft' WHEN number %% 5 = 1 THEN 'paid'
                ELSE 'sent' END,
           CASE WHEN number %% 10 > 0 THEN {MADE} END, {MADE},
           ({MADE})::date, ({MADE} + interval '30 days')::date,
           CASE WHEN number %% 5 = 1 THEN net + round(net * 0.16, 2) ELSE 0 END
    FROM person ORDER BY number
"""
ITEMS = """
    INSERT INTO sales_{kind}item
        (tenant_id, document_id, position, description, quantity, unit_price, discount_percent,
         tax_rate, net, tax, total)
    SELECT tenant_id, id, 0, 'Plan', 1, subtotal, 0, 16, subtotal, tax_total, total
    FROM sales_{kind} WHERE tenant_id = %(tenant)s
"""
PAYMENTS = """
    INSERT INTO sales_payment
        (tenant_id, invoice_id, contact_id, amount, currency, method, reference, notes, status,
         paid_at, refunded_amount, refund_reason, created_by_id)
    SELECT tenant_id, id, contact_id, total, currency, 'transfer', 'T' || id, '', 'completed',
           sent_at + interval '5 days', 0, '', owner_id
    FROM sales_invoice WHERE tenant_id = %(tenant)s AND status = 'paid'
"""
COUNTERS = """
    INSERT INTO sales_documentcounter (tenant_id, kind, last_number)
    VALUES (%(tenant)s, 'COT', %(documents)s), (%(tenant)s, 'FAC', %(documents)s)
    ON CONFLICT (tenant_id, kind) DO UPDATE SET last_number = excluded.last_number
"""
STATEMENTS = (
    QUOTES,
    INVOICES,
    ITEMS.format(kind="quote"),
    ITEMS.format(kind="invoice"),
    PAYMENTS,
    COUNTERS,
)


def seed_documents(*, documents: int) -> None:
    """Write so many quotes and invoices, at most one of each for a person, and their payments.

    :raises EmbeddedError: there is no tenant yet, or it has documents already.
    """
    tenant = find_tenant()
    if tenant is None:
        raise EmbeddedError("there is no tenant: python -m benchmarks seed")
    with connect() as database:
        known = "SELECT EXISTS (SELECT FROM sales_quote WHERE tenant_id = %s)"
        if value_of(database, known, [tenant.pk]):
            raise EmbeddedError("the tenant has documents already")
        began = time.perf_counter()
        params: dict[str, Any] = {"tenant": tenant.pk, "documents": documents}
        for sql in STATEMENTS:
            database.execute(sql, params)
        database.execute(f"VACUUM (ANALYZE) {TABLES}")
        took = time.perf_counter() - began
        print(f"{documents:,} quotes, {documents:,} invoices: {took:,.1f} s", flush=True)
