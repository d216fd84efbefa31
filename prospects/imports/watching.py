"""What an operator at a terminal sees of an import."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import Count
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from prospects.imports.models import ImportJob, ImportRow
from prospects.imports.planning import OnProgress


@contextmanager
def progress_bar(console: Console, title: str, total: int | None) -> Iterator[OnProgress]:
    """Show how many rows are done; nothing where nobody looks (no terminal)."""
    columns = (TextColumn(title), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task(title, total=total)
        yield lambda rows: progress.update(task, completed=rows)


def summary(job: ImportJob) -> Table:
    """The rows by verdict and by reason, and what is added to the lists."""
    table = Table(title=job.file_name)
    table.add_column("Rows")
    table.add_column("Number", justify="right")
    for verdict in ImportRow.Verdict:
        table.add_row(verdict.value, f"{job.counts[verdict]:,}")
    for code, number in _count_codes(job).items():
        table.add_row(f"  {code}", f"{number:,}")
    for field, entries in sorted(job.new_entries.items()):
        table.add_row(f"new: {field}", f"{len(entries):,}")
    return table


def _count_codes(job: ImportJob) -> dict[str, int]:
    """How many rows were refused for which reason, the most frequent first."""
    refused = job.rows.exclude(code="").values_list("code").annotate(rows=Count("pk"))
    return dict(refused.order_by("-rows", "code"))
