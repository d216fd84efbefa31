"""An import taken back by the command, beside the UPDATE that only deletes the same rows."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.commands import run_manage
from benchmarks.figures.import_file import NEW, REPEATED, write_file
from benchmarks.figures.imports import LAST, WRITTEN
from benchmarks.measure import Bare, Contest
from benchmarks.people import SLUG
from benchmarks.removing import remove_imports, unguarded
from core.embedded.errors import EmbeddedError
from core.tenancy import tenant_scope
from prospects.counts.services import recount

UNDO = (
    "`manage.py import_prospects --undo` of an import that created 100,000 cards with a person "
    "each: at most 3 × UPDATE … SET deleted_at of the same cards and people in one transaction, + "
    "the interpreter's start. Both write the product's own tables, with their triggers, history "
    "and indexes; after each the rows are brought back outside of the timing."
)
MOST_ROWS, ROUNDS = 100_000, 3
EVENTS = ("prospects_prospectevent", "prospects_contactevent")
DELETE = (
    "UPDATE prospects_prospect SET deleted_at = now() "
    "WHERE tenant_id = %(tenant)s AND id > %(card)s AND deleted_at IS NULL",
    "UPDATE prospects_contact SET deleted_at = now() "
    "WHERE tenant_id = %(tenant)s AND prospect_id > %(card)s AND deleted_at IS NULL",
)
DELETED = (
    "SELECT count(*) FROM prospects_prospect "
    "WHERE tenant_id = %(tenant)s AND id > %(card)s AND deleted_at IS NOT NULL"
)
BRING_BACK = (
    "UPDATE prospects_prospect SET deleted_at = NULL "
    "WHERE tenant_id = %(tenant)s AND id > %(card)s",
    "UPDATE prospects_contact SET deleted_at = NULL "
    "WHERE tenant_id = %(tenant)s AND prospect_id > %(card)s",
    "DELETE FROM prospects_prospectevent WHERE tenant_id = %(tenant)s AND pgh_id > %(event_0)s",
    "DELETE FROM prospects_contactevent WHERE tenant_id = %(tenant)s AND pgh_id > %(event_1)s",
    "UPDATE prospects_importjob SET status = 'applied', undone_to_line = 0, rows_undone = 0, "
    "rows_spared = 0 WHERE id = %(job)s",
)


def taken_back(bench: Bench) -> Iterator[Contest]:
    """One contest over one import, which is removed at the end."""
    run = UndoRun(bench, min(MOST_ROWS, bench.cards // 5))
    yield Contest(
        f"{run.number:,} created cards",
        "operator",
        run.undo,
        [Bare("UPDATE", 3, run.delete), Bare("interpreter", 1, run.start_interpreter)],
        rounds=ROUNDS,
        after_each=run.bring_back,
        finish=run.close,
    )


class UndoRun:
    """The rounds of the undoing, over cards that nobody has worked on."""

    def __init__(self, bench: Bench, number: int) -> None:
        self.bench, self.number = bench, number
        self.last_card = bench.value(LAST.format("prospects_prospect"))
        self.last_job = bench.value(LAST.format("prospects_importjob"))
        self.params = {"tenant": bench.tenant_id, "card": self.last_card}
        for place, table in enumerate(EVENTS):
            last = bench.value(f"SELECT coalesce(max(pgh_id), 0) FROM {table}")
            self.params[f"event_{place}"] = last
        self._import()
        self.params["job"] = bench.value(LAST.format("prospects_importjob"))
        self._settle()

    def undo(self, number: int) -> None:
        run_manage("import_prospects", "--undo", str(self.params["job"]), "--tenant", SLUG)

    def start_interpreter(self, number: int) -> None:
        """What the command costs before it begins: Python, Django, the models."""
        run_manage("import_prospects", "--help")

    def delete(self, number: int) -> None:
        with self.bench.database.transaction():
            for statement in DELETE:
                self.bench.database.execute(statement, self.params)

    def bring_back(self) -> None:
        """Undo what was timed, if that deleted anything.

        :raises EmbeddedError: it deleted some of the cards only.
        """
        deleted = self.bench.value(DELETED, self.params)
        if deleted not in (0, self.number):
            raise EmbeddedError(f"{deleted} cards were deleted, not {self.number}")
        if deleted:
            self._bring_back()
            self._settle()

    def close(self) -> None:
        """Leave nothing behind, also when a round was broken off."""
        self._bring_back()
        remove_imports(self.bench.tenant_id, after_card=self.last_card, after_job=self.last_job)

    def _import(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "prospects.csv"
            rows = write_file(self.bench, path, self.number * REPEATED // NEW)
            self.number = rows.created
            run_manage("import_prospects", str(path), "--tenant", SLUG)

    def _bring_back(self) -> None:
        with unguarded() as database:
            for statement in BRING_BACK:
                database.execute(statement, {"job": 0, **self.params})

    def _settle(self) -> None:
        """Leave every round the same tables: no dead rows, nothing that waits to be counted."""
        with tenant_scope(self.bench.tenant_id):
            recount()
        self.bench.database.execute(f"VACUUM (ANALYZE) {', '.join((*WRITTEN, *EVENTS))}")
