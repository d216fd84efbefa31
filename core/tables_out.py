"""Rows written to a file for a spreadsheet: CSV, or XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

CSV, XLSX = "csv", "xlsx"
TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MOST_XLSX_ROWS = 1_048_575  # beside the one with the names
LONGEST_XLSX_TEXT = 32_767
# A spreadsheet takes what begins like this for a formula, and runs it.
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def write_table(kind: str, file: BinaryIO, labels: list[str], rows: Iterable[list[Any]]) -> None:
    """Write rows to an open file, as they come.

    :param kind: CSV (UTF-8, marked as such for Excel) or XLSX.
    """
    write = _write_csv if kind == CSV else _write_xlsx
    write(file, [harmless(label) for label in labels], rows)


def harmless(value: Any) -> Any:
    """A text that no spreadsheet takes for a formula; anything else as it is."""
    if isinstance(value, str) and value.startswith(FORMULAS):
        return f"'{value}"
    return value


def _write_csv(file: BinaryIO, labels: list[str], rows: Iterable[list[Any]]) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(labels)
    writer.writerows([harmless(value) for value in row] for row in rows)
    text.detach()


def _write_xlsx(file: BinaryIO, labels: list[str], rows: Iterable[list[Any]]) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    sheet.append(labels)
    for row in rows:
        sheet.append([_xlsx_cell(sheet, value) for value in row])
    book.save(file)


def _xlsx_cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, str):
        return harmless(ILLEGAL_CHARACTERS_RE.sub("", value)[: LONGEST_XLSX_TEXT - 1])
    if isinstance(value, Decimal):
        cell = WriteOnlyCell(sheet, value)  # type: ignore[arg-type]
        cell.number_format = "#,##0.00"
        return cell
    if isinstance(value, datetime):
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = "yyyy-mm-dd hh:mm"
        return cell
    return value if value is None or isinstance(value, int | float | date) else str(value)
