"""The triggers that keep the counts: one small insert per statement, whatever it writes."""

from __future__ import annotations

import pgtrigger

_CHANGE = """
    INSERT INTO prospects_cardcount (tenant_id, category_id, type, locale_id, cards, value)
    SELECT tenant_id, category_id, type, locale_id, sum(n), sum(n * coalesce(account_value, 0))
    FROM ({rows}) AS change
    GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0 OR sum(n * coalesce(account_value, 0)) <> 0;
    RETURN NULL;
"""
_ROWS = (
    "SELECT tenant_id, category_id, type, locale_id, account_value, {sign}1 AS n "
    "FROM {table} WHERE deleted_at IS NULL"
)
_ADDED = _ROWS.format(sign="", table="new_cards")
_REMOVED = _ROWS.format(sign="-", table="old_cards")


def _trigger(
    name: str, operation: pgtrigger.Operation, rows: str, **tables: str
) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(**tables),
        func=_CHANGE.format(rows=rows),
    )


COUNTING = [
    _trigger("count_inserted", pgtrigger.Insert, _ADDED, new="new_cards"),
    _trigger("count_deleted", pgtrigger.Delete, _REMOVED, old="old_cards"),
    _trigger(
        "count_updated",
        pgtrigger.Update,
        f"{_ADDED} UNION ALL {_REMOVED}",
        old="old_cards",
        new="new_cards",
    ),
]
