"""Files of rows, opened by what is in them and not by what their name promises."""

from pathlib import Path
from typing import BinaryIO

from prospects.imports.csv_tables import open_csv
from prospects.imports.tables import Row, Source, Table, TableError
from prospects.imports.xlsx_tables import open_xlsx

__all__ = ["Row", "Table", "TableError", "open_table"]

_ZIP = b"PK\x03\x04"


def open_table(path_or_file: str | Path | BinaryIO, name: str) -> Table:
    """The table in a CSV or .xlsx file: a path or an open seekable file, also Django's uploads.

    `name` is what messages call it. A file that was passed in open is left open, and must stay so
    while its rows are read. Raises TableError for what is neither, is empty, or has no usable line
    of column names; a bad row is reported in its place instead (`Row.error`).
    """
    source = Source(path_or_file, name)
    with source.opened() as file:
        is_archive = file.read(len(_ZIP)) == _ZIP
    return open_xlsx(source) if is_archive else open_csv(source)
