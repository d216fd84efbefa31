"""The rows of a workbook's first visible sheet, in memory that does not grow with the file.

openpyxl reads row by row, but keeps all texts of the workbook and something of every row.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from functools import lru_cache
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import IO, Any

import orjson
from openpyxl.cell.read_only import EMPTY_CELL, ReadOnlyCell
from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.workbook import Workbook
from openpyxl.worksheet._reader import DATA_TAG, ROW_TAG, WorkSheetParser
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

Cells = tuple[Any, ...]

_TEXT_TAG = f"{{{SHEET_MAIN_NS}}}si"
_LONGEST_PIECE = 20_000_000  # bytes of XML that hold one row or one text
_BLOCK = 64  # texts that are stored together
_BLOCKS_AT_HAND = 512
_IN_MEMORY = 4 * 1024**2  # bytes until the texts move into a temporary file


class _Pieces:
    """A stream of XML whose pieces, rows or texts, are of limited length."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self.begin()

    def begin(self) -> None:
        """A piece is over, the next one begins."""
        self._left = _LONGEST_PIECE

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise ValueError("a row or a text is too long to be one")
        return data


class _SharedTexts:
    """The texts of a workbook by their number, read as far as cells ask for them.

    They stand in the order in which some program met them: mostly the one asked for is at hand.
    """

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._coming = _texts(source)
        self._file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - see close()
        self._places: list[tuple[int, int]] = []  # of each block in the file: offset, bytes
        self._block = lru_cache(_BLOCKS_AT_HAND)(self._read_block)

    def __getitem__(self, number: int) -> str:
        text: str = self._block(number // _BLOCK)[number % _BLOCK]
        return text

    def close(self) -> None:
        self._source.close()
        self._file.close()

    def _read_block(self, number: int) -> list[str]:
        if number < 0:
            raise IndexError(number)
        while len(self._places) <= number:
            self._store_next()
        offset, size = self._places[number]
        self._file.seek(offset)
        block: list[str] = orjson.loads(self._file.read(size))
        return block

    def _store_next(self) -> None:
        texts = list(islice(self._coming, _BLOCK))
        if not texts:
            raise IndexError("a cell names a text that the workbook has not got")
        raw = orjson.dumps(texts)
        self._places.append((self._file.seek(0, 2), len(raw)))
        self._file.write(raw)


def _texts(source: IO[bytes]) -> Iterator[str]:
    pieces = _Pieces(source)
    table: Any = None
    for event, element in iterparse(pieces, events=("start", "end")):
        if event == "start":
            table = element if table is None else table
        elif element.tag == _TEXT_TAG:
            text: Any = Text.from_tree(element)
            yield text.content.replace("x005F_", "")
            table.clear()
            pieces.begin()


class _Reader(ExcelReader):
    """Opens a workbook and leaves its texts for later."""

    shared_strings: Any

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)
        if part is not None:
            self.shared_strings = _SharedTexts(self.archive.open(part.PartName[1:]))


class _SheetParser(WorkSheetParser):
    """Forgets each row when it has been read, and does not look at what follows them."""

    source: Any

    def parse(self) -> Generator[tuple[int, list[dict[str, Any]]]]:
        pieces = _Pieces(self.source)
        rows: Any = None
        for event, element in iterparse(pieces, events=("start", "end")):
            if event == "start":
                rows = element if element.tag == DATA_TAG else rows
            elif element.tag == ROW_TAG:
                yield self.parse_row(element)
                rows.clear()
                self.row_dimensions.clear()
                pieces.begin()
            elif element.tag == DATA_TAG:
                return


@contextmanager
def opened_workbook(file: Any) -> Iterator[Workbook]:
    """Open a workbook for rows_of; damaged ones end in errors of a dozen types, here or there."""
    reader = _Reader(file, read_only=True, data_only=True, keep_links=False)
    try:
        reader.read()
        with closing(reader.wb) as book:
            yield book
    finally:
        if isinstance(reader.shared_strings, _SharedTexts):
            reader.shared_strings.close()


def rows_of(sheet: Any) -> Iterator[tuple[int, Cells]]:
    """Give the rows that a sheet has, each with its line.

    :raises ValueError: they do not come in the order of their lines.
    """
    book, last = sheet.parent, 0
    with sheet._get_source() as source:
        parser = _SheetParser(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for line, cells in parser.parse():
            if line <= last:
                raise ValueError(f"line {line} comes after line {last}")
            last = line
            yield line, _in_columns(sheet, cells)


def _in_columns(sheet: Any, cells: list[dict[str, Any]]) -> Cells:
    """The cells from the first column to the last one that is there."""
    row: list[Any] = [EMPTY_CELL] * max((cell["column"] for cell in cells), default=0)
    for cell in cells:
        row[cell["column"] - 1] = ReadOnlyCell(sheet, **cell)
    return tuple(row)
