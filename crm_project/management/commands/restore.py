from __future__ import annotations

from pathlib import Path
from typing import Any

from core.commands import OperatorCommand
from crm_project.backups.services import restore


class Command(OperatorCommand):
    """Fill an empty database from a backup."""

    help = "Fill an empty database, and the directory of uploads, from what `backup` wrote."
    requires_migrations_checks = False
    requires_system_checks: Any = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("directory", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        facts = restore(options["directory"])
        rows = facts["rows"]
        self.stdout.write(
            f"{sum(rows.values()):,} rows of {len(rows)} tables, as of {facts['made_at']}. "
            "Now: python manage.py migrate; python manage.py crm_doctor"
        )
