from __future__ import annotations

from pathlib import Path
from typing import Any

from core.commands import OperatorCommand
from sales.postal_codes.models import Settlement
from sales.postal_codes.reading import SHIPPED, read_settlements
from sales.postal_codes.services import load_settlements


class Command(OperatorCommand):
    """Load Mexico's postal codes. Running it again changes nothing."""

    help = (
        "Load the postal codes of Mexico: those that are shipped, or those of SEPOMEX's "
        "CPdescarga.txt. They replace all that were there, or, if the file is broken, none."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--file", type=Path, default=SHIPPED, help="CPdescarga.txt, unzipped")
        parser.add_argument(
            "--if-empty", action="store_true", help="Only where none were loaded yet"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_empty"] and Settlement.objects.exists():
            self.stdout.write("There are postal codes already.")
            return
        rows = read_settlements(options["file"])
        loaded = load_settlements(rows)
        self.stdout.write(
            f"{len(rows):,} settlements: {loaded.added:,} added, {loaded.removed:,} removed."
        )
