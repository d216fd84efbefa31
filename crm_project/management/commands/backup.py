from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils import timezone

from core.commands import OperatorCommand
from crm_project.backups.services import back_up


class Command(OperatorCommand):
    """Write database and uploads into a directory."""

    help = "Write database (pg_dump's custom format) and uploads into a new directory."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("directory", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        facts = back_up(options["directory"], at=timezone.now())
        rows = facts["rows"]
        self.stdout.write(f"{sum(rows.values()):,} rows of {len(rows)} tables.")
