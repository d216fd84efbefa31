"""How often something of a tenant has changed: what stands behind an ETag, and a board's stamp.

Triggers add a row per statement (or per row, where few are ever written) with a step forward;
nobody updates one, so that writers never wait for each other. The sum of a subject's steps grows
with every transaction that is committed, whatever moment it wrote down and whoever came first. A
latest `updated_at` would miss who began early and was done late, what was deleted, and what changed
beside the row. A task folds the rows each minute.

Steps are of random length: where a database is set back to an old state, the sums that follow are
others than those that clients may remember.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pgtrigger
from django.db import connection

from core.kept_plans import fetch_kept
from core.tenancy import current_tenant

# What is tallied. Which tables count to which stands with their models.
CARDS = "cards"  # cards with their teams, services, shares and companies
PEOPLE = "people"
DEALS = "deals"  # with the people they are linked to
NAMES = "names"  # what others are shown by: colleagues, drop-downs, categories, stages
NOTICES = "notices"  # what each user is told

_STEP = "1 + floor(random() * 16777216)::bigint"
_CHANGED = """
    INSERT INTO core_tally (tenant_id, subject, user_id, step)
    SELECT tenant_id, '{subject}', {user}, {step}
    FROM (SELECT DISTINCT tenant_id{column} FROM {rows}) AS changed;
    RETURN NULL;
"""
_ROW_CHANGED = """
    INSERT INTO core_tally (tenant_id, subject, user_id, step)
    SELECT coalesce(NEW.tenant_id, OLD.tenant_id), '{subject}', 0, {step};
    RETURN NULL;
"""
_ROW_OF_ALL_CHANGED = """
    INSERT INTO core_tally (tenant_id, subject, user_id, step)
    SELECT id, '{subject}', 0, {step} FROM accounts_tenant;
    RETURN NULL;
"""
# A reader sees the rows or the sum made of them, never both: it is one statement. Of two folds at
# once each sums only the rows that it deleted itself.
FOLD = """
    WITH crowded AS (
        SELECT tenant_id, subject, user_id FROM core_tally
        GROUP BY 1, 2, 3 HAVING count(*) > 1
    ), gone AS (
        DELETE FROM core_tally WHERE id IN (
            SELECT id FROM core_tally JOIN crowded USING (tenant_id, subject, user_id)
            FOR UPDATE OF core_tally SKIP LOCKED
        )
        RETURNING tenant_id, subject, user_id, step
    )
    INSERT INTO core_tally (tenant_id, subject, user_id, step)
    SELECT tenant_id, subject, user_id, sum(step) FROM gone GROUP BY 1, 2, 3
"""
_SUMS = """ARRAY(
    SELECT coalesce((
        SELECT sum(tally.step) FROM core_tally tally
        WHERE tally.tenant_id = {tenant} AND tally.subject = asked.subject
          AND tally.user_id IN (0, {user})
    ), 0)::bigint
    FROM unnest({subjects}::text[]) WITH ORDINALITY AS asked(subject, n) ORDER BY n
)"""


def tallies_sql(*, tenant: str, user: str, subjects: str) -> str:
    """Return SQL of the sums of these subjects, in their order, as an array.

    :param tenant: SQL of the tenant's id, `user` of whose own subjects count, `subjects` of names.
    """
    return _SUMS.format(tenant=tenant, user=user, subjects=subjects)


def tallies_of(*subjects: str) -> list[int]:
    """Return the sums of subjects of the tenant acted for that are not somebody's own."""
    sums = tallies_sql(tenant="%(tenant)s", user="0", subjects="%(subjects)s")
    asked = {"tenant": current_tenant(), "subjects": list(subjects)}
    return list(fetch_kept(f"SELECT {sums} AS sums", asked)[0]["sums"])


def fold_tallies() -> None:
    """Put the rows of each subject together, of every tenant."""
    with connection.cursor() as cursor:
        cursor.execute(FOLD)


def tallied(subject: str, *, user: str = "") -> list[pgtrigger.Trigger]:
    """Triggers of a table of which statements may write many rows.

    :param user: the column that says whose the row is, where it is one user's own.
    """
    words = {
        "subject": subject,
        "step": _STEP,
        "user": user or "0",
        "column": f", {user}" if user else "",
    }
    tables: Sequence[tuple[str, pgtrigger.Operation, str]] = (
        ("inserted", pgtrigger.Insert, "new"),
        ("updated", pgtrigger.Update, "new"),
        ("deleted", pgtrigger.Delete, "old"),
    )
    return [
        pgtrigger.Trigger(
            name=f"tally_{what}",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=operation,
            referencing=pgtrigger.Referencing(**{rows: f"{rows}_rows"}),
            func=_CHANGED.format(rows=f"{rows}_rows", **words),
        )
        for what, operation, rows in tables
    ]


def tallied_by_row(subject: str, operation: Any = None, **more: Any) -> pgtrigger.Trigger:
    """The trigger of a table of which few rows are ever written.

    :param operation: any, where none is named.
    """
    func = _ROW_CHANGED.format(subject=subject, step=_STEP)
    return _row_trigger(func, operation or _ANY, **more)


def tallied_for_all(subject: str) -> pgtrigger.Trigger:
    """The trigger of a table whose rows are everybody's: it has changed for every tenant."""
    return _row_trigger(_ROW_OF_ALL_CHANGED.format(subject=subject, step=_STEP), _ANY)


_ANY = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete


def _row_trigger(func: str, operation: Any, **more: Any) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="tally", when=pgtrigger.After, operation=operation, func=func, **more
    )
