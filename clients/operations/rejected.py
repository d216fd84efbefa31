"""The refused rows of a file, as a file to correct and import again."""

from __future__ import annotations

import csv
import os
from collections import Counter
from pathlib import Path
from typing import Any, TextIO

from prospects.imports.files import Row
from prospects.imports.rejected import harmless


class RejectedFile:
    """`NAME.rejected.csv` beside the file, or in the current directory if that cannot be written.

    There is none before the first row; what an earlier run left goes when this one begins.
    """

    def __init__(self, source: Path, columns: list[str]) -> None:
        name = f"{source.stem}.rejected.csv"
        self.path = source.with_name(name) if os.access(source.parent, os.W_OK) else Path(name)
        self.columns = columns
        self.reasons: Counter[str] = Counter()
        self._file: TextIO | None = None
        self._writer: Any = None

    def __enter__(self) -> RejectedFile:
        self.path.unlink(missing_ok=True)
        return self

    def __exit__(self, *error: object) -> None:
        if self._file:
            self._file.close()

    def add(self, row: Row, reason: str) -> None:
        """Write a row: its line, the reason, its own cells; no spreadsheet runs any as formulas."""
        if self._file is None:
            self._file = self.path.open("w", encoding="utf-8-sig", newline="")
            self._writer = csv.writer(self._file)
            self._writer.writerow(["line", "reason", *map(harmless, self.columns)])
        cells = [harmless(row.values.get(name, "")) for name in self.columns]
        self._writer.writerow([row.number, reason, *cells])
        self.reasons[reason] += 1
