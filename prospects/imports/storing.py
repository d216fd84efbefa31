"""The verdicts of a plan on their way into the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import orjson
from django.db import connection

from prospects.imports.matching import Judgement, Verdict
from prospects.imports.models import ImportJob
from prospects.pipeline.bulk import RESERVE_ID, Values

_LONGEST_MESSAGE = 300
_COPY = """
    COPY prospects_importrow
        (tenant_id, job_id, line, verdict, code, message, cells, values, prospect_id)
    FROM STDIN
"""


class StoredRows:
    """Writes rows by COPY, and leaves the last COPY open.

    PostgreSQL takes the rows in while we read the next ones. The next statement on the connection,
    whoever runs it, ends the COPY first.
    """

    def __init__(self, job: ImportJob) -> None:
        self._job = job
        self._copy = ExitStack()

    def __enter__(self) -> StoredRows:
        return self

    def __exit__(self, *error: Any) -> None:
        self._copy.__exit__(*error)

    def add(self, judgements: list[Judgement]) -> None:
        """Store verdicts; new cards get their ids here."""
        reserved = iter(_reserve(sum(each.verdict == Verdict.CREATE for each in judgements)))
        cursor = self._copy.enter_context(connection.cursor())
        copy = self._copy.enter_context(cursor.copy(_COPY))
        for each in judgements:
            is_new = each.verdict == Verdict.CREATE
            copy.write_row(self._row(each, next(reserved) if is_new else each.card_id))

    def _row(self, judgement: Judgement, card_id: int | None) -> tuple[Any, ...]:
        return (
            self._job.tenant_id,
            self._job.pk,
            judgement.row.number,
            judgement.verdict,
            judgement.code,
            judgement.message[:_LONGEST_MESSAGE],
            as_json({key: cell for key, cell in judgement.row.given.items() if cell}),
            as_json(values_to_write(judgement)),
            card_id,
        )

    def run_after(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        """Run a statement once the rows before it are stored."""
        self._copy.close()
        return execute(sql, params, many, context)


@contextmanager
def stored_rows(job: ImportJob) -> Iterator[StoredRows]:
    """Store the rows of a job; with the block they are all in the database."""
    with StoredRows(job) as rows, connection.execute_wrapper(rows.run_after):
        yield rows


def values_to_write(judgement: Judgement) -> Values:
    """The columns of the card that the row fills or changes."""
    return judgement.row.values if judgement.verdict == Verdict.CREATE else judgement.changes


def as_json(value: Any) -> str:
    """JSON as PostgreSQL stores it: half characters, which it refuses, become question marks."""
    try:
        return orjson.dumps(value, default=str).decode()
    except TypeError:
        plain = {key: text.encode(errors="replace").decode() for key, text in value.items()}
        return orjson.dumps(plain).decode()


def _reserve(count: int) -> list[int]:
    """Take so many card ids out of their sequence."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {RESERVE_ID} FROM generate_series(1, %s)", [count])
        return [pk for (pk,) in cursor.fetchall()]
