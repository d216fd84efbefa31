from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError

from core.commands import OperatorCommand
from crm_project.privacy.finding import tenant_named
from crm_project.privacy.removing import delete_tenant
from crm_project.privacy.tables import count_rows_of


class Command(OperatorCommand):
    """Delete a tenant for good."""

    help = (
        "Delete an inactive tenant for good, history and files included. "
        "Without --confirm, say what would go."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("slug")
        parser.add_argument("--confirm", metavar="SLUG", help="The tenant's slug once more")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = tenant_named(options["slug"])
        if options["confirm"] is None:
            rows = count_rows_of(tenant.pk)
            self._show(rows)
            first = "make it inactive in the back office (Tenants), then " * tenant.is_active
            self.stdout.write(f"Nothing was deleted. To do it: {first}--confirm {tenant.slug}")
        elif options["confirm"] != tenant.slug:
            raise CommandError("--confirm is not the tenant's slug; nothing was deleted.")
        else:
            self._show(delete_tenant(tenant=tenant))

    def _show(self, rows: dict[str, int]) -> None:
        for name, number in rows.items():
            self.stdout.write(f"{number:>12,} {name}")
        self.stdout.write(f"{sum(rows.values()):>12,} rows in all")
