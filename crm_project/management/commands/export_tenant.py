from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils import timezone

from core.commands import OperatorCommand
from crm_project.privacy.exporting import export_tenant
from crm_project.privacy.finding import tenant_named


class Command(OperatorCommand):
    """Write all that a tenant has into a directory."""

    help = "Write all that a tenant has into a new directory: a CSV for each table, and its files."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("slug")
        parser.add_argument("directory", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = tenant_named(options["slug"])
        facts = export_tenant(tenant=tenant, target=options["directory"], at=timezone.now())
        rows = facts["rows"]
        self.stdout.write(f"{sum(rows.values()):,} rows, {facts['files']:,} files.")
