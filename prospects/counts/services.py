from __future__ import annotations

from collections.abc import Iterator

from django.db import connection, transaction

from core.checks import integrity_check
from core.tenancy import current_tenant

# Readers see the changes or the base row made of them, never both: it is one statement. Of two
# folds at once each sums only the rows that it deleted itself.
FOLD = """
    WITH gone AS (
        DELETE FROM prospects_cardcount WHERE tenant_id = %(tenant_id)s
        RETURNING category_id, type, locale_id, cards, value
    )
    INSERT INTO prospects_cardcount (tenant_id, category_id, type, locale_id, cards, value)
    SELECT %(tenant_id)s, category_id, type, locale_id, sum(cards), sum(value) FROM gone
    GROUP BY 2, 3, 4 HAVING sum(cards) <> 0 OR sum(value) <> 0
"""
COUNTED = """
    SELECT category_id, type, locale_id, 1 AS cards, coalesce(account_value, 0) AS value
    FROM prospects_prospect WHERE tenant_id = %(tenant_id)s AND deleted_at IS NULL
"""
COMPARE = f"""
    SELECT category_id, type, locale_id, sum(kept), sum(found), sum(kept_value), sum(found_value)
    FROM (
        SELECT category_id, type, locale_id, cards AS kept, 0 AS found, value AS kept_value,
               0 AS found_value
        FROM prospects_cardcount WHERE tenant_id = %(tenant_id)s
        UNION ALL
        SELECT category_id, type, locale_id, 0, cards, 0, value FROM ({COUNTED}) AS card
    ) AS both_sides
    GROUP BY 1, 2, 3 HAVING sum(kept) <> sum(found) OR sum(kept_value) <> sum(found_value)
"""
RECOUNT = f"""
    WITH gone AS (DELETE FROM prospects_cardcount WHERE tenant_id = %(tenant_id)s)
    INSERT INTO prospects_cardcount (tenant_id, category_id, type, locale_id, cards, value)
    SELECT %(tenant_id)s, category_id, type, locale_id, sum(cards), sum(value)
    FROM ({COUNTED}) AS card GROUP BY 2, 3, 4
"""


def fold_counts() -> None:
    """Sum up the changes of the tenant's counts into base rows."""
    with connection.cursor() as cursor:
        cursor.execute(FOLD, {"tenant_id": current_tenant()})


def recount() -> None:
    """Count the tenant's cards anew. Writers of cards wait meanwhile."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE prospects_prospect IN SHARE MODE")
        cursor.execute(RECOUNT, {"tenant_id": current_tenant()})


@integrity_check("kept counts of cards", repair=recount)
def find_wrong_counts() -> Iterator[str]:
    """Compare the kept counts and values with the cards, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(COMPARE, {"tenant_id": current_tenant()})
        for category, kind, locale, kept, found, kept_value, found_value in cursor.fetchall():
            yield (
                f"category {category}, type {kind}, locale {locale}: kept {kept} cards worth "
                f"{kept_value}, found {found} worth {found_value}"
            )
