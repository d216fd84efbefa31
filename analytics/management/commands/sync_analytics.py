from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.tenants.models import Tenant
from analytics.leads.models import SyncLog
from analytics.leads.services import sync_leads
from analytics.management.base import TenantsCommand
from prospects.imports.watching import progress_bar


class Command(TenantsCommand):
    """Bring the leads up to date."""

    help = "Bring the leads of analytics up to date with cards and companies."

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        parser.add_argument("--full", action="store_true", help="Look at every card")
        parser.add_argument(
            "--dry-run", action="store_true", help="Say what would change and change nothing"
        )

    def handle_tenant(self, tenant: Tenant, options: dict[str, Any]) -> None:
        if options["dry_run"]:
            with transaction.atomic():
                self._sync(tenant, options["full"])
                transaction.set_rollback(True)
            self.console.print(f"{tenant.slug}: nothing was written: this was a dry run.")
        else:
            self._sync(tenant, options["full"])

    def _sync(self, tenant: Tenant, is_full: bool) -> None:
        with progress_bar(self.console, tenant.slug, total=None) as on_progress:
            run = sync_leads(is_full=is_full, on_progress=on_progress)
        self.console.print(f"{tenant.slug}: {_told(run)}")


def _told(run: SyncLog | None) -> str:
    if run is None:
        return "another sync is at work; nothing was done."
    looked = f"{run.dirty_count:,} cards changed, {run.rolling_count:,} in the round"
    if run.is_full:
        looked = f"all {run.dirty_count:,} leads looked at"
    did = f"{run.written_count:,} leads written, {run.deleted_count:,} deleted"
    return f"{looked}; {did}; {run.duration_ms:,} ms."
