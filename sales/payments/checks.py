"""What must always be true of invoices and their payments."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from core.checks import integrity_check
from core.tenancy import current_tenant

UNEQUAL = """
    SELECT i.id, i.amount_paid, coalesce(sum(p.amount - p.refunded_amount), 0)
    FROM sales_invoice i
    LEFT JOIN sales_payment p ON p.invoice_id = i.id AND p.deleted_at IS NULL
    WHERE i.tenant_id = %s
    GROUP BY i.id HAVING i.amount_paid <> coalesce(sum(p.amount - p.refunded_amount), 0)
    ORDER BY i.id
"""
UNEQUAL_REFUNDS = """
    SELECT p.id, p.refunded_amount, coalesce(sum(r.amount), 0)
    FROM sales_payment p LEFT JOIN sales_refund r ON r.payment_id = p.id
    WHERE p.tenant_id = %s
    GROUP BY p.id HAVING p.refunded_amount <> coalesce(sum(r.amount), 0)
    ORDER BY p.id
"""


@integrity_check("what an invoice says is paid is what its payments come to")
def paid_amounts() -> Iterator[str]:
    """Invoices whose payments, less refunds, come to something else than they say."""
    with connection.cursor() as cursor:
        cursor.execute(UNEQUAL, [current_tenant()])
        for pk, said, found in cursor.fetchall():
            yield f"invoice {pk}: paid {said}, its payments come to {found}"


@integrity_check("what a payment says went back is what its refunds come to")
def refunded_amounts() -> Iterator[str]:
    """Payments whose refunds come to something else than they say."""
    with connection.cursor() as cursor:
        cursor.execute(UNEQUAL_REFUNDS, [current_tenant()])
        for pk, said, found in cursor.fetchall():
            yield f"payment {pk}: refunded {said}, its refunds come to {found}"
