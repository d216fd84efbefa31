from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from rich.console import Console
from rich.table import Table as Summary

from accounts.tenants.models import Tenant
from clients.operations.importing import Counts, import_operations
from clients.operations.kinds import KINDS
from clients.operations.rejected import RejectedFile
from core.commands import OperatorCommand
from core.tenancy import tenant_scope
from prospects.imports.files import Table, TableError, open_table
from prospects.imports.watching import progress_bar

REFUSED = 2
MOST_REASONS = 20


class Command(OperatorCommand):
    """Import what the logistics platform reports. Running it again changes nothing."""

    help = (
        "Import recharges, shipments or monthly tiers from a CSV or .xlsx file. A row that is in "
        "already is left as it is, a changed one is updated, and balances follow; after an "
        "interruption run it again. Exit status: 0 all rows are in, 1 the file cannot be read, "
        f"{REFUSED} some rows were refused and stand in FILE.rejected.csv."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path, help="CSV or .xlsx with a line of column names")
        parser.add_argument("--kind", required=True, choices=list(KINDS), help="What is in it")
        parser.add_argument("--tenant", required=True, help="Slug of the tenant")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = Tenant.objects.filter(slug=options["tenant"]).first()
        if tenant is None:
            raise CommandError(f"There is no tenant {options['tenant']}.")
        kind, path, counts = KINDS[options["kind"]], options["file"], Counts()
        console = Console(file=self.stdout)  # type: ignore[arg-type]
        try:
            table = _open(path, options["kind"])
            with (
                tenant_scope(tenant.pk),
                RejectedFile(path, table.columns) as rejected,
                progress_bar(console, options["kind"].title(), total=None) as on_progress,
            ):
                import_operations(
                    kind=kind,
                    rows=table,
                    zone=tenant.zone,
                    counts=counts,
                    on_refused=rejected.add,
                    on_progress=on_progress,
                )
        except TableError as error:
            after = f" {counts.read:,} rows before that were imported." if counts.read else ""
            raise CommandError(f"{error}.{after}") from error
        console.print(_summary(path, counts, rejected))
        if counts.refused:
            message = f"{counts.refused:,} rows were refused: {rejected.path}"
            raise CommandError(message, returncode=REFUSED)


def _open(path: Path, kind: str) -> Table:
    """Open the file.

    :raises TableError: it cannot be read, or lacks columns.
    """
    table = open_table(path, path.name)
    missing = KINDS[kind].missing(table.columns)
    if missing:
        raise TableError(
            f"{path.name} lacks columns of {kind}: {', '.join(missing)}. "
            f"It has: {', '.join(table.columns)}"
        )
    return table


def _summary(path: Path, counts: Counts, rejected: RejectedFile) -> Summary:
    summary = Summary(title=path.name)
    summary.add_column("Rows")
    summary.add_column("Number", justify="right")
    for name in ("created", "updated", "unchanged", "refused"):
        summary.add_row(name, f"{getattr(counts, name):,}")
    for reason, number in rejected.reasons.most_common(MOST_REASONS):
        summary.add_row(f"  {reason}", f"{number:,}")
    return summary
