from __future__ import annotations

import json
from typing import Any

from django.utils import timezone
from rich.table import Table

from accounts.tenants.models import Tenant
from analytics.management.base import TenantsCommand
from analytics.snapshots.status import Status, status_of_tenant


class Command(TenantsCommand):
    """Watermark, lag, leads, last runs and snapshots."""

    help = "Say how fresh analytics is."

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        parser.add_argument("--json", action="store_true", help="One JSON object, by tenant")

    def handle(self, *args: Any, **options: Any) -> None:
        self.found: dict[str, Status] = {}
        super().handle(*args, **options)
        if options["json"]:
            self.stdout.write(json.dumps(self.found, default=_text))
        else:
            for slug, status in self.found.items():
                self._show(slug, status)

    def handle_tenant(self, tenant: Tenant, options: dict[str, Any]) -> None:
        self.found[tenant.slug] = status_of_tenant(timezone.now())

    def _show(self, slug: str, status: Status) -> None:
        since = status["watermark"] or "never synced"
        self.console.print(f"{slug}: {status['leads']:,} leads; watermark {since}")
        if status["lag_seconds"] is not None:
            self.console.print(f"lag: {status['lag_seconds']:,} s")
        runs = _table("Run", "Status", "Started", "ms", "Changed", "Rolling", "Written", "Deleted")
        for run in status["runs"]:
            kind = f"{run['status']}{' (full)' if run['is_full'] else ''}"
            numbers = ("duration_ms", "dirty_count", "rolling_count", "written_count")
            cells = [run[name] for name in (*numbers, "deleted_count")]
            runs.add_row(
                f"#{run['id']}", kind, f"{run['started_at']:%Y-%m-%d %H:%M:%S}", *map(str, cells)
            )
        self.console.print(runs)
        snapshots = _table("Snapshot", "Age (s)", "")
        for row in status["snapshots"]:
            state = "fresh" if row["is_fresh"] else "out of date"
            snapshots.add_row(row["name"], f"{row['age_seconds']:,}", state)
        self.console.print(snapshots)


def _table(*columns: str) -> Table:
    table = Table()
    for column in columns:
        table.add_column(column)
    return table


def _text(value: Any) -> str:
    return str(value.isoformat())
