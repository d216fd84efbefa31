"""Excel workbooks: the first visible sheet of an .xlsx file."""

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from openpyxl.workbook import Workbook

from prospects.imports.tables import (
    Row,
    Source,
    Table,
    TableError,
    column_names,
    fault_of,
    make_row,
)
from prospects.imports.xlsx_rows import opened_workbook, rows_of

# Python's zipfile gives out no more than a member's declared size, so that limiting the declared
# sizes limits what is read.
_LARGEST_TOTAL = 1_000_000_000
_HIGHEST_RATIO = 200
_RATIO_MATTERS_FROM = 10_000_000
_LAST_LINE = 1_048_576
_ZEROS = re.compile(r"0{2,}")
_DAMAGED = "cannot be read: it is no .xlsx workbook, or a damaged one"


def open_xlsx(source: Source) -> Table:
    """The table in the first visible sheet of a workbook. Raises TableError.

    Days and moments become ISO text, whole numbers have no decimals, a format of zeros (postal
    codes) is applied, and a formula is the result that was stored with it.
    """
    _refuse_bombs(source)
    header = next(_records(source), None)
    if header is None:
        raise TableError(f"{source.name} is empty")
    columns = column_names(header[1], source)
    return Table(source.name, columns, lambda: _rows(source, columns))


def _refuse_bombs(source: Source) -> None:
    with source.opened() as file:
        try:
            members = zipfile.ZipFile(file).infolist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise TableError(f"{source.name} {_DAMAGED}") from error
    if not any(member.filename == "xl/workbook.xml" for member in members):
        raise TableError(f"{source.name} is a ZIP archive, but no .xlsx workbook")
    if sum(member.file_size for member in members) > _LARGEST_TOTAL or any(map(_is_bomb, members)):
        raise TableError(f"{source.name} is too large when unpacked: save it as CSV")


def _is_bomb(member: zipfile.ZipInfo) -> bool:
    allowed = max(_RATIO_MATTERS_FROM, member.compress_size * _HIGHEST_RATIO)
    return member.file_size > allowed


def _rows(source: Source, columns: list[str]) -> Iterator[Row]:
    records = _records(source)
    next(records)
    for number, cells, error in records:
        yield make_row(number, cells, columns, error or fault_of(cells))


def _records(source: Source) -> Iterator[tuple[int, list[str], str]]:
    """Line, cells and error of every row with something in it."""
    with source.opened() as file:
        try:
            with opened_workbook(file) as book:
                for line, cells in rows_of(_first_visible(book, source)):
                    if line > _LAST_LINE:
                        raise TableError(f"{source.name} has more than {_LAST_LINE:,} lines")
                    texts = [_text_of(cell) for cell in cells]
                    if any(map(str.strip, texts)):
                        yield line, texts, _error_in(cells)
        except TableError:
            raise
        except Exception as error:  # openpyxl meets damaged XML with errors of a dozen types
            raise TableError(f"{source.name} {_DAMAGED}") from error


def _first_visible(workbook: Workbook, source: Source) -> Any:
    for sheet in workbook.worksheets:
        if sheet.sheet_state == "visible":
            return sheet
    raise TableError(f"{source.name} has no visible sheet")


def _error_in(cells: tuple[Any, ...]) -> str:
    for cell in cells:
        if cell.data_type == "e":
            return f"the cell {cell.column_letter}{cell.row} holds the error {cell.value}"
    return ""


def _text_of(cell: Any) -> str:
    value = cell.value
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _text_of_number(value, cell.number_format)
    if isinstance(value, datetime):
        return (value.date() if value.time() == time.min else value).isoformat()
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _text_of_number(value: int | float, number_format: str) -> str:
    # Excel keeps 15 digits; the rest of a binary float is noise (0.30000000000000004).
    text = format(Decimal(format(value, ".15g")), "f") if isinstance(value, float) else str(value)
    text = text.removesuffix(".0")
    return text.zfill(len(number_format)) if _ZEROS.fullmatch(number_format) else text
