"""Numbers of documents: 1, 2, 3 … for each kind and tenant, without a gap."""

from __future__ import annotations

from django.db import connection

from core.models import tenant_of_written_row

# Whoever takes a number holds its row until their transaction ends: one that is rolled back gives
# the number back, and nobody has taken the next one meanwhile.
TAKE = """
    INSERT INTO sales_documentcounter (tenant_id, kind, last_number) VALUES (%s, %s, 1)
    ON CONFLICT (tenant_id, kind)
    DO UPDATE SET last_number = sales_documentcounter.last_number + 1
    RETURNING last_number
"""


def next_number(kind: str) -> int:
    """Take the next number of a kind of document, inside the transaction that creates it."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [tenant_of_written_row(None), kind])
        return int(cursor.fetchone()[0])
