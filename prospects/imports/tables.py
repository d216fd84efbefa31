"""What a file of rows is to those who import it, whatever its format."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NamedTuple

MOST_COLUMNS = 500
LONGEST_CELL = 100_000
_LONGEST_COLUMN_NAME = 200
_SHOWN = 100


class TableError(ValueError):
    """The file as a whole cannot be read; the message says why in one line."""


class Row(NamedTuple):
    """One row: the line of the file on which it begins, its cells by column, what is wrong with it.

    With an `error` the values are there to be shown, not to be used: they are cut and incomplete.
    """

    number: int
    values: dict[str, str]
    error: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A file with a line of column names. Each iteration reads it again from the start.

    Rows come in the order of the file, blank ones left out, in constant memory. Raises TableError,
    also while iterating, if the file turns out to be damaged.
    """

    name: str
    columns: list[str]
    read_rows: Callable[[], Iterator[Row]] = field(repr=False)

    def __iter__(self) -> Iterator[Row]:
        return self.read_rows()


@dataclass(frozen=True, slots=True)
class Source:
    """Where the bytes are: a path, or an open seekable file that stays its owner's to close."""

    origin: str | Path | BinaryIO
    name: str

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """The bytes from the first one on."""
        if not isinstance(self.origin, str | Path):
            self.origin.seek(0)
            yield self.origin
            return
        try:
            file = open(self.origin, "rb")  # noqa: SIM115 - the body's own OSErrors are not ours
        except OSError as error:
            raise TableError(f"{self.name} cannot be opened: {error.strerror}") from error
        with file:
            yield file


def column_names(cells: Sequence[str], source: Source) -> list[str]:
    """The header's names without the blanks around them; blank cells at its end are no columns."""
    names = [cell.strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    if len(names) > MOST_COLUMNS:
        raise TableError(f"{source.name} has more than {MOST_COLUMNS} columns")
    if "" in names:
        raise TableError(f"{source.name} has a column without a name: number {names.index('') + 1}")
    if any("\0" in name or len(name) > _LONGEST_COLUMN_NAME for name in names):
        raise TableError(f"{source.name} does not begin with a line of column names")
    seen: set[str] = set()
    for name in names:
        if name.casefold() in seen:
            raise TableError(f"{source.name} has two columns named {name}")
        seen.add(name.casefold())
    return names


def make_row(number: int, cells: list[str], columns: list[str], error: str = "") -> Row:
    """The row of these cells; cells missing at its end are empty ones."""
    if len(cells) == len(columns) and not error:
        return Row(number, dict(zip(columns, cells, strict=True)))
    if len(cells) > len(columns) and any(map(str.strip, cells[len(columns) :])):
        error = error or f"has {len(cells)} cells where the header has {len(columns)}"
    elif len(cells) < len(columns):
        cells = cells + [""] * (len(columns) - len(cells))
    if error:
        cells = [_presentable(cell) for cell in cells]
    return Row(number, dict(zip(columns, cells, strict=False)), error)


def fault_of(cells: Sequence[str]) -> str:
    """What makes these cells impossible to store; "" if nothing does."""
    for position, cell in enumerate(cells, start=1):
        if "\0" in cell:
            return f"cell {position} contains a NUL character"
        if len(cell) > LONGEST_CELL:
            return f"cell {position} is longer than {LONGEST_CELL:,} characters"
    return ""


def _presentable(cell: str) -> str:
    shown = cell if len(cell) <= _SHOWN else cell[:_SHOWN] + "…"
    return shown.replace("\0", "\N{REPLACEMENT CHARACTER}")
