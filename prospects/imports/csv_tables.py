"""CSV files, also bad ones."""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import BinaryIO, TextIO

from prospects.imports.tables import (
    LONGEST_CELL,
    Row,
    Source,
    Table,
    TableError,
    column_names,
    fault_of,
    make_row,
)
from prospects.imports.text_encoding import find_encoding

_DELIMITERS = ",;\t|"
_SAMPLE_CHARACTERS = 1 << 16
_SAMPLE_ROWS = 50
# Excel's own hint, as a first line of the file.
_SEP_LINE = re.compile(r'"?sep=([,;\t|])"?[\r\n]', re.IGNORECASE)
_SEP_CELL = re.compile(r"sep=[,;\t|]?", re.IGNORECASE)
# What is beyond these is thrown away unread, so that no file can fill the memory.
_LONGEST_QUOTED = 2_000_000
_LONGEST_LINE = 4_000_000


def open_csv(source: Source) -> Table:
    """The table in a CSV file of any usual encoding and delimiter. Raises TableError."""
    # The limit is the process's; it is only ever raised here, so that others' readers go on.
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_QUOTED))
    encoding = find_encoding(source)
    with _decoded(source, encoding) as text:
        delimiter = _find_delimiter(text.read(_SAMPLE_CHARACTERS))
    columns = _read_header(source, encoding, delimiter)
    return Table(source.name, columns, lambda: _rows(source, encoding, delimiter, columns))


def _rows(source: Source, encoding: str, delimiter: str, columns: list[str]) -> Iterator[Row]:
    with _decoded(source, encoding) as text:
        lines = _Lines(text)
        for number, cells, error in islice(_records(lines, delimiter), 1, None):
            if len(cells) < len(columns) and lines.stop_without_newline and not error:
                error = "the file ends in the middle of this row"
            yield make_row(number, cells, columns, error)


def _read_header(source: Source, encoding: str, delimiter: str) -> list[str]:
    with _decoded(source, encoding) as text:
        _, cells, error = next(_records(_Lines(text), delimiter), (0, [], "there is no text in it"))
    if error:
        raise TableError(f"{source.name} has no line of column names: {error}")
    return column_names(cells, source)


class _Lines:
    """The lines of a text, which remembers what the CSV reader does not tell of those it took."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self.is_suspect = self.is_cut = self.has_ended = self.stop_without_newline = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._text.readline(_LONGEST_LINE)
        if not line:
            self.has_ended = True
            raise StopIteration
        if "\0" in line or len(line) > LONGEST_CELL:
            self.is_suspect = True
        if not line.endswith(("\n", "\r")):
            self._skip_rest(line)
        return line

    def _skip_rest(self, line: str) -> None:
        """Leave out what is beyond the longest line, up to the next one."""
        while len(line) == _LONGEST_LINE and not line.endswith(("\n", "\r")):
            self.is_cut = True
            line = self._text.readline(_LONGEST_LINE)
        self.stop_without_newline = not line.endswith(("\n", "\r"))


def _records(lines: _Lines, delimiter: str) -> Iterator[tuple[int, list[str], str]]:
    """Line on which it begins, cells, and error of every record with something in it."""
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        number = reader.line_num + 1
        lines.is_suspect = lines.is_cut = False
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield number, [], _endless(number, reader.line_num)
            continue
        if not any(map(str.strip, cells)):
            continue
        if number == 1 and _SEP_CELL.fullmatch(cells[0]):
            continue
        error = ""
        if lines.has_ended:
            # The reader asked for one more line before it gave this record out: a quote was open.
            error = "the file ends inside a quoted cell"
        elif lines.is_cut:
            error = f"is longer than {_LONGEST_LINE:,} characters"
        elif lines.is_suspect or reader.line_num > number:
            error = fault_of(cells)
        yield number, cells, error


def _endless(first: int, last: int) -> str:
    if first == last:
        return f"a cell is longer than {_LONGEST_QUOTED:,} characters"
    return (
        f"a quoted cell does not end within {_LONGEST_QUOTED:,} characters: "
        f"lines {first} to {last} are skipped"
    )


def _find_delimiter(sample: str) -> str:
    hint = _SEP_LINE.match(sample)
    return hint[1] if hint else max(_DELIMITERS, key=lambda each: _fitness(each, sample))


def _fitness(delimiter: str, sample: str) -> tuple[float, int]:
    """How many of the first rows have as many cells as the header, and how many those are."""
    lines = io.StringIO(sample, newline="")
    rows = (cells for cells in csv.reader(lines, delimiter=delimiter) if any(cells))
    widths = [len(cells) for cells in islice(rows, _SAMPLE_ROWS)]
    if not widths or widths[0] == 1:
        return 0.0, 1
    return widths.count(widths[0]) / len(widths), widths[0]


@contextmanager
def _decoded(source: Source, encoding: str) -> Iterator[TextIO]:
    # Only a last character cut in two can fail to decode: the whole file was tried before.
    with source.opened() as file:
        raw = io.BufferedReader(_Borrowed(file), 1 << 18)
        yield io.TextIOWrapper(raw, encoding, errors="replace", newline="")


class _Borrowed(io.RawIOBase):
    """A file to read from that stays open when the text around it is closed."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)
