"""Where the mark of each kind of write stands in the database."""

from __future__ import annotations

from collections import Counter

from tests.chaos.ledger import Ledger, Outcome
from tests.chaos.product import Product

# kind → table, expression that is the mark
PLACES = {
    "card": ("prospects_prospect", "r.external_id"),
    "note": ("prospects_followupnote", "r.note"),
    "client": ("clients_company", "r.industry"),
    "contact": ("prospects_contact", "r.first_name"),
    "said": ("prospects_followupnote", "r.note"),
    "activity": ("sales_activity", "r.subject"),
    "deal": ("sales_deal", "r.name"),
    "form": ("sales_formsubmission", "r.data->>'message'"),
    "quote": ("sales_quote", "r.title"),
    "draft": ("sales_invoice", "r.title"),
    "mail": ("sales_documentmail", "r.subject"),
    "payment": ("sales_payment", "r.reference"),
    "refund": ("sales_refund", "r.reason"),
    "segment": ("sales_segment", "r.name"),
    "event": ("sales_event", "r.title"),
    "campaign": ("sales_campaign", "r.name"),
}
ALLOWED = {Outcome.DONE: {1}, Outcome.REFUSED: {0}, Outcome.UNSURE: {0, 1}, Outcome.OPEN: {0, 1}}


def rows_by_mark(product: Product, kind: str) -> Counter[tuple[str, str]]:
    """How many rows of a kind there are, by tenant and mark."""
    table, mark = PLACES[kind]
    sql = f"""
        SELECT t.slug, {mark}, count(*) FROM {table} AS r JOIN accounts_tenant AS t
        ON t.id = r.tenant_id WHERE {mark} LIKE %s GROUP BY 1, 2
    """
    return Counter({(slug, mark): n for slug, mark, n in product.ask(sql, f"{kind}-%")})


def lost_or_doubled(product: Product, ledger: Ledger) -> list[str]:
    """What is not there as often as it was answered, by its mark."""
    found = []
    for kind in PLACES:
        rows = rows_by_mark(product, kind)
        for write in ledger.of(kind):
            number = rows.pop((write.tenant, write.mark), 0)
            if number not in ALLOWED[write.outcome]:
                found.append(
                    f"{kind} {write.mark} of {write.tenant}: {number} rows; it was answered"
                    f" {write.status} ({write.outcome.value}), sent {write.tries} times"
                )
        found += [f"{kind} {mark} of {slug}: nobody wrote that" for slug, mark in rows]
    return found


def misplaced(product: Product, ledger: Ledger) -> list[str]:
    """Rows that are not where they were last moved."""
    found = []
    for (table, column, pk), values in ledger.left.items():
        stands = product.ask(f"SELECT {column} FROM {table} WHERE id = %s", pk)
        if not stands or stands[0][0] not in values:
            found.append(f"{table} {pk}: {column} is {stands}, it was left at {values}")
    return found


def wrong_imports(product: Product, ledger: Ledger) -> list[str]:
    """Files whose rows are not there once each, or still there after they were taken back."""
    last = {
        write.row_id: write.kind
        for kind in ("apply", "undo")
        for write in ledger.of(kind)
        if write.outcome is Outcome.DONE
    }
    sql = """
        SELECT status, rows_read,
               (SELECT count(*) FROM prospects_prospect AS p WHERE p.tenant_id = j.tenant_id
                AND p.external_id LIKE %s AND p.deleted_at IS NULL),
               (SELECT count(DISTINCT p.external_id) FROM prospects_prospect AS p
                WHERE p.tenant_id = j.tenant_id AND p.external_id LIKE %s AND p.deleted_at IS NULL)
        FROM prospects_importjob AS j WHERE id = %s
    """
    found = []
    for write in ledger.of("file"):
        if write.outcome is not Outcome.DONE:
            continue
        like = f"{write.mark}.%"
        rows = product.ask(sql, like, like, write.row_id)
        if not rows:
            found.append(f"import {write.row_id} ({write.mark}) is not there")
            continue
        status, read, cards, different = rows[0]
        wanted, state = {
            "apply": (read, "applied"),
            "undo": (0, "undone"),
            None: (0, "planned"),
        }[last.get(write.row_id)]
        if (cards, different, status) != (wanted, wanted, state):
            found.append(
                f"import {write.row_id} ({write.mark}): {status}, {cards} cards"
                f" ({different} different ones) of {read} rows; {wanted} and {state} expected"
            )
    return found
