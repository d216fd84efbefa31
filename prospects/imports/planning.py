"""A file's rows, read and judged chunk by chunk, in memory that does not grow with the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from prospects.imports.earlier_rows import EarlierRows, earlier_rows
from prospects.imports.known import find_known
from prospects.imports.matching import Judgement, Verdict, file_rule, judge_rows, row_keys
from prospects.imports.models import ImportJob
from prospects.imports.newcomers import Newcomers
from prospects.imports.reading import Candidate, Problem, RowReader
from prospects.imports.references import References
from prospects.imports.storing import stored_rows, values_to_write
from prospects.imports.tables import Row, Table, TableError
from prospects.pipeline.searching import derived_texts

MOST_ROWS = 2500
# Rows of long cells come fewer at a time.
MOST_CHARACTERS = 4_000_000

OnProgress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a plan is made from; `job` is filled as it grows."""

    job: ImportJob
    table: Table
    reader: RowReader
    references: References
    newcomers: Newcomers


def plan_rows(plan: Plan, on_progress: OnProgress) -> None:
    """Judge every row of the table and store its verdict; count them in the job (not saved).

    :raises TableError: the file turns out to be damaged or cut off.
    """
    job = plan.job
    counts: Counter[str] = Counter()
    with earlier_rows() as earlier, stored_rows(job) as stored:
        for chunk in chunks_of(plan.table):
            # While PostgreSQL still takes in the chunk before: nothing is asked of it here.
            rows = [_read(row, plan.reader) for row in chunk]
            judgements = _judge_chunk(rows, plan, earlier)
            plan.newcomers.note_used([values_to_write(each) for each in judgements])
            stored.add(judgements)
            counts.update(each.verdict for each in judgements)
            job.rows_read += len(judgements)
            on_progress(job.rows_read)
    job.counts = {verdict.value: counts[verdict.value] for verdict in Verdict}
    job.new_entries = plan.newcomers.used_entries()


def chunks_of(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Cut rows into lists that fit into memory.

    :raises TableError: the file ends in the middle of a row: the rest of it is missing.
    """
    chunk: list[Row] = []
    characters = 0
    for row in rows:
        if row.error.startswith("the file ends"):
            raise TableError(f"The file is cut off: {row.error} (line {row.number}).")
        chunk.append(row)
        characters += sum(map(len, row.values.values()))
        if len(chunk) == MOST_ROWS or characters > MOST_CHARACTERS:
            yield chunk
            chunk, characters = [], 0
    if chunk:
        yield chunk


def _judge_chunk(rows: list[Candidate], plan: Plan, earlier: EarlierRows) -> list[Judgement]:
    usable = [row.values for row in rows if row.problem is None]
    before = earlier.find([key for row in rows for key in row_keys(row)])
    seen = set(before)
    known = find_known(usable, plan.job.created_by)
    judgements = judge_rows(rows, known, file_rule(updates=plan.job.is_update), seen)
    earlier.add(seen - before)
    for each in judgements:
        if each.verdict == Verdict.CREATE:
            _complete(each, plan.references.starting_category_id)
    return judgements


def _read(row: Row, reader: RowReader) -> Candidate:
    if row.error:
        problem = Problem("INVALID_VALUE", f"The row {row.error}.")
        return Candidate(row.number, row.values, {}, problem)
    return reader.read(row.number, row.values)


def _complete(judgement: Judgement, starting_category_id: int | None) -> None:
    """Add to a new card's columns those that follow from the others."""
    values = judgement.row.values
    values.setdefault("category_id", starting_category_id)
    if values["category_id"] is None:
        judgement.verdict, judgement.code = Verdict.ERROR, "UNKNOWN_CATEGORY"
        judgement.message = "There is no open category to start in."
        return
    if "created_at" in values:
        values.setdefault("category_changed_at", values["created_at"])
    phone = f"+{values['phone_code']}{values['phone']}" if "phone" in values else ""
    person = (values.get("name", ""), values.get("email", ""), phone)
    values |= derived_texts(company_name=values.get("company_name", ""), people=[person])
