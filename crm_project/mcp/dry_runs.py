"""What a call would do, found out by doing it and taking it back.

Mails, webhooks and tasks are rows and calls on commit: a transaction that is rolled back sends
nothing. PostgreSQL counts itself which rows a transaction writes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connection, transaction

from crm_project.mcp.tools import Result

WRITTEN = """
SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_xact_user_tables
WHERE n_tup_ins + n_tup_upd + n_tup_del > 0
"""


class Written(NamedTuple):
    """How many rows of a table were written."""

    created: int = 0
    changed: int = 0
    deleted: int = 0


def rehearse(work: Callable[[], Result]) -> Result:
    """Do it, take it back, and tell beside its answer what it would have changed."""
    with transaction.atomic():
        before = _written()
        result = work()
        after = _written()
        transaction.set_rollback(True)
    changes = _changes(before, after)
    dry_run = {
        "rows": sum(each["created"] + each["changed"] + each["deleted"] for each in changes),
        "changes": changes,
        "mails": _mails(result.structured),
    }
    return Result({**result.structured, "dry_run": dry_run, "next": []}, _told(dry_run, result))


def _written() -> dict[str, Written]:
    """What this transaction has written so far, and what of those before is not reported yet."""
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        return {table: Written(*numbers) for table, *numbers in cursor.fetchall()}


def _changes(before: dict[str, Written], after: dict[str, Written]) -> list[dict[str, Any]]:
    changes = []
    for table, now in sorted(after.items()):
        then = before.get(table, Written())
        difference = Written(*(late - early for late, early in zip(now, then, strict=True)))
        if any(difference) and (what := _words().get(table)):
            changes.append({"what": what, **difference._asdict()})
    return changes


@cache
def _words() -> dict[str, str]:
    """What the rows of each table are called; earlier states of rows are not told."""
    return {
        model._meta.db_table: model._meta.label_lower
        for model in apps.get_models()
        if not hasattr(model, "pgh_tracked_model") and not model._meta.proxy
    }


def _mails(structured: dict[str, Any]) -> list[dict[str, str]]:
    """The mails that would leave: documents tell what becomes of theirs."""
    rows = [row for row in structured.values() if isinstance(row, dict)]
    told = [row["delivery"] for row in rows if row.get("delivery")]
    return [
        {"to": each["to"], "subject": each["subject"]}
        for each in told
        if each["status"] == "pending"
    ]


def _told(dry_run: dict[str, Any], result: Result) -> str:
    lines = [f"Nothing was done. It would have written {dry_run['rows']} rows:"]
    for each in dry_run["changes"]:
        numbers = [f"{number} {how}" for how, number in each.items() if how != "what" and number]
        lines.append(f"{each['what']}: {', '.join(numbers)}")
    lines += [f"mail to {mail['to']}: {mail['subject']}" for mail in dry_run["mails"]]
    return "\n".join([*lines, "As it would be:", result.text])
