"""Backups are put in their place when they are whole; only an empty database is filled."""

from __future__ import annotations

import json
import tarfile
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from core.errors import DomainError
from crm_project.backups.counting import count_rows, tables
from crm_project.backups.programs import run
from crm_project.drafts import NotPossible, new_directory

DATABASE, MEDIA, FACTS = "database.dump", "media.tar", "facts.json"


class NotWhole(DomainError):
    """What was restored is not what was backed up."""

    code = "not_whole"
    status = 500


def back_up(target: Path, *, at: datetime) -> dict[str, Any]:
    """Write everything into a new directory; people may go on working meanwhile.

    :returns: the facts that stand in it: `made_at`, and `rows` by table.
    :raises NotPossible: the directory exists or cannot be made.
    :raises ProgramFailed: pg_dump is missing or failed.
    """
    with new_directory(target) as draft:
        rows = _dump(draft / DATABASE)
        # After the database: what is deleted meanwhile is missing, as it soon would be anyway.
        _pack(draft / MEDIA)
        facts = {"made_at": at.isoformat(), "rows": rows}
        (draft / FACTS).write_text(json.dumps(facts, indent=1))
    return facts


def _dump(path: Path) -> dict[str, int]:
    """Dump one snapshot. Returns the rows of each table in it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot(), pg_is_in_recovery()")
        snapshot, is_standby = cursor.fetchone()
        words = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
        words += ["--no-unlogged-table-data"] * is_standby
        run("pg_dump", *words, f"--file={path}")
        return count_rows()


def _pack(path: Path) -> None:
    media = Path(settings.MEDIA_ROOT)
    with tarfile.open(path, "w") as archive:
        if media.is_dir():
            archive.add(media, arcname=".")


def restore(source: Path) -> dict[str, Any]:
    """Fill an empty database, and the directory of uploads, from a backup.

    :returns: the facts of the backup.
    :raises NotPossible: it is no backup, or the database has tables already.
    :raises ProgramFailed: pg_restore is missing or failed; the database is as empty as before.
    :raises NotWhole: other rows arrived than were backed up.
    """
    try:
        facts = dict(json.loads((source / FACTS).read_text()))
        rows = dict(facts["rows"])
    except (OSError, ValueError, KeyError, TypeError):
        raise NotPossible(f"{source} is not a backup of ours, or not a whole one.") from None
    if tables():
        raise NotPossible("The database is not empty: restore into a new one.")
    words = ("--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges")
    run(
        "pg_restore", *words, f"--dbname={connection.settings_dict['NAME']}", str(source / DATABASE)
    )
    arrived = count_rows()
    # Of a standby nothing is told of tables that are not logged, and nothing of them came.
    wrong = [name for name in {*rows, *arrived} if rows.get(name, 0) != arrived.get(name, 0)]
    if wrong:
        raise NotWhole(f"Other rows than were backed up: {', '.join(sorted(wrong))}.")
    _unpack(source / MEDIA)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return facts


def _unpack(path: Path) -> None:
    media = Path(settings.MEDIA_ROOT)
    media.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tarfile.open(path) as archive:
        archive.extractall(media, filter="data")
