"""A file imported by the command, beside COPY of the same cards."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.commands import run_manage
from benchmarks.copying import copy_statement
from benchmarks.figures.import_file import Rows, write_file
from benchmarks.figures.key_tables import SCHEMA, create_copies, drop_copies, empty_copies
from benchmarks.measure import Bare, Contest
from benchmarks.people import SLUG
from benchmarks.removing import remove_imports
from core.embedded.errors import EmbeddedError

IMPORT = (
    "`manage.py import_prospects` of 100,000 valid rows of which 20 % are duplicates, plan and "
    "apply, in a database that holds all cards: at most 6 × COPY of the cards that are new and "
    "their contacts into empty copies of the tables with only their primary and unique keys, + the "
    "interpreter's start. At most 300 MB of memory. Beside it, to see what the keys of the product "
    "cost whoever writes: the same COPY into its own tables, with all their indexes, foreign keys "
    "and triggers."
)
TABLES = ("prospects_prospect", "prospects_contact")
WRITTEN = (*TABLES, "prospects_importrow", "prospects_importjob", "prospects_cardcount")
MOST_ROWS, ROUNDS, MEGABYTES = 100_000, 3, 300
COUNTS = "SELECT counts FROM prospects_importjob WHERE tenant_id = %(tenant)s ORDER BY id DESC"
LAST = "SELECT coalesce(max(id), 0) FROM {}"


def imported(bench: Bench) -> Iterator[Contest]:
    """One contest; what the command wrote is removed after each round, outside of the timing."""
    with tempfile.TemporaryDirectory() as folder:
        number = min(MOST_ROWS, bench.cards // 5)
        run = ImportRun(bench, write_file(bench, Path(folder) / "prospects.csv", number))
        create_copies(bench.database, TABLES)
        yield Contest(
            f"{number:,} rows, {run.rows.created:,} new",
            "operator",
            run.import_file,
            [Bare("COPY", 6, run.copy), Bare("interpreter", 1, run.start_interpreter)],
            rounds=ROUNDS,
            after_round=run.clear_up,
            finish=run.close,
            remarks=run.remarks,
        )


class ImportRun:
    """The rounds of the import."""

    def __init__(self, bench: Bench, rows: Rows) -> None:
        self.bench, self.rows = bench, rows
        self.last_card = bench.value(LAST.format("prospects_prospect"))
        self.last_job = bench.value(LAST.format("prospects_importjob"))
        self.peak_bytes = 0
        self.own_seconds: list[float] = []

    def import_file(self, number: int) -> None:
        words = ("import_prospects", str(self.rows.path), "--tenant", SLUG)
        self.peak_bytes = max(self.peak_bytes, run_manage(*words))

    def start_interpreter(self, number: int) -> None:
        """What the command costs before it begins: Python, Django, the models."""
        run_manage("import_prospects", "--help")

    def copy(self, number: int) -> None:
        with self.bench.database.transaction():
            self._copy_into(SCHEMA)

    def _copy_into_own(self) -> None:
        """After the command's cards were removed, as nobody may have their emails twice."""
        began = time.perf_counter()
        with self.bench.database.transaction(force_rollback=True):
            self._copy_into("public")
        self.own_seconds.append(time.perf_counter() - began)

    def _copy_into(self, schema: str) -> None:
        with self.bench.database.cursor() as cursor:
            for table, given in zip(TABLES, (self.rows.cards, self.rows.contacts), strict=True):
                columns, text = given
                with cursor.copy(copy_statement(f"{schema}.{table}", columns)) as copy:
                    copy.write(text)

    def clear_up(self) -> None:
        """Check what was imported, and remove it.

        :raises EmbeddedError: not every row got the verdict that it should have.
        """
        counts = self.bench.value(COUNTS)
        self._remove()
        self._copy_into_own()
        empty_copies(self.bench.database, TABLES)
        self.bench.database.execute(f"VACUUM (ANALYZE) {', '.join(WRITTEN)}")
        expected = (self.rows.created, self.rows.number - self.rows.created)
        if (counts["create"], counts["duplicate"]) != expected:
            raise EmbeddedError(f"the import says {counts}, not {expected}")

    def close(self) -> None:
        """Leave nothing behind, also when a round was broken off."""
        self._remove()
        drop_copies(self.bench.database)

    def _remove(self) -> None:
        remove_imports(self.bench.tenant_id, after_card=self.last_card, after_job=self.last_job)

    def remarks(self) -> list[str]:
        peak = self.peak_bytes / 1024**2
        verdict = "pass" if peak < MEGABYTES else "**miss**"
        own = statistics.median(self.own_seconds)
        return [
            f"Peak memory of the command: {peak:,.0f} MB of {MEGABYTES} MB: {verdict}.",
            f"COPY into the product's own tables: {own * 1000:,.1f} ms.",
        ]
