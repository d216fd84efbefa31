from __future__ import annotations

from typing import Any

from django.utils import timezone

from accounts.tenants.models import Tenant
from analytics.management.base import TenantsCommand
from analytics.snapshots.services import rebuild_snapshots
from prospects.imports.watching import progress_bar


class Command(TenantsCommand):
    """Answer the presets of the dashboard anew."""

    help = "Compute the dashboard's presets (last30, 1m, 3m, 6m) from the leads as they are."

    def handle_tenant(self, tenant: Tenant, options: dict[str, Any]) -> None:
        with progress_bar(self.console, tenant.slug, total=None) as on_progress:
            built = rebuild_snapshots(tenant, at=timezone.now(), on_progress=on_progress)
        self.console.print(f"{tenant.slug}: {built} snapshots.")
