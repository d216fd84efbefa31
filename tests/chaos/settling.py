"""After the faults: whatever waits is done, by nobody but the product itself."""

from __future__ import annotations

import time

import psycopg

from tests.chaos.product import Product

OUTBOXES = """
    SELECT c.table_name FROM information_schema.columns c
    JOIN information_schema.columns s USING (table_schema, table_name)
    WHERE c.table_schema = 'public' AND c.column_name = 'due_at' AND s.column_name = 'status'
      AND c.data_type = 'timestamp with time zone'
      AND EXISTS (
          SELECT FROM information_schema.columns a
          WHERE a.table_name = c.table_name AND a.column_name = 'attempts'
      )
    ORDER BY 1
"""
ON_THE_WAY = "('pending', 'in_flight', 'queued')"
JOBS = "('planning', 'queued', 'applying', 'undoing')"


def outboxes(product: Product) -> list[str]:
    """The tables of messages for others."""
    return [row[0] for row in product.ask(OUTBOXES)]


def waiting(product: Product) -> dict[str, int]:
    """How much there still is to do, by table."""
    counts = {
        name: f"SELECT count(*) FROM {name} WHERE status IN {ON_THE_WAY}"
        for name in outboxes(product)
    }
    counts["prospects_importjob"] = (
        f"SELECT count(*) FROM prospects_importjob WHERE status IN {JOBS}"
    )
    counts["sales_campaign"] = "SELECT count(*) FROM sales_campaign WHERE status = 'sending'"
    found = {name: int(product.ask(sql)[0][0]) for name, sql in counts.items()}
    return {name: number for name, number in found.items() if number}


def settle(product: Product, *, hurry: bool, seconds: float) -> dict[str, int]:
    """Wait until nothing waits; returns what still does when the time is up.

    :param hurry: let time pass for what waits for its next attempt, or for a claim to end whose
        worker is gone: the clock of those rows is put forward, again and again.
    """
    deadline = time.monotonic() + seconds
    left = {"unknown": 1}
    while time.monotonic() < deadline:
        try:
            left = waiting(product)
            if not left:
                return {}
            if hurry:
                let_time_pass(product)
        except psycopg.Error:
            product.wait_ready()
        time.sleep(3)
    return left


def let_time_pass(product: Product) -> None:
    """An hour for every message, import and campaign that has stood still for some seconds.

    Those that a worker has in hand right now were touched a moment ago.
    """
    still = "updated_at < now() - interval '15 seconds'"
    for name in outboxes(product):
        product.ask(
            f"UPDATE {name} SET due_at = now() WHERE status IN {ON_THE_WAY} AND due_at > now()"
            f" AND {still}"
        )
    product.ask(f"""
        UPDATE sales_campaign SET retry_at = now()
        WHERE status = 'sending' AND retry_at > now() AND {still}
    """)
    product.ask(f"""
        SET session_replication_role = replica;
        UPDATE prospects_importjob SET updated_at = now() - interval '1 hour'
        WHERE status IN {JOBS} AND {still};
    """)
    product.call_task("core.sweep_pending")
