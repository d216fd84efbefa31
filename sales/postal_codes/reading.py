"""Files of postal codes: the one that we ship, and the official one, which looks the same.

A line of column names and one line for each settlement, columns divided by `|`. The official file
(CPdescarga.txt of SEPOMEX) is Latin-1, has a sentence above the names, and columns that nobody
asks for; ours is UTF-8 and compressed.
"""

from __future__ import annotations

import lzma
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from core.errors import InvalidInput
from core.values import InvalidValue, clean_text
from sales.postal_codes.models import LONGEST_NAME

SHIPPED = Path(__file__).with_name("data") / "settlements.txt.xz"
COLUMNS = ("d_codigo", "d_asenta", "d_mnpio", "d_ciudad", "d_estado")
MAY_BE_EMPTY = {"d_ciudad"}
ABOVE_THE_NAMES = 3  # lines in which the names of the columns may stand
STATES = 32  # of the country, its capital included
CODE = re.compile(r"[0-9]{5}")


class Row(NamedTuple):
    """A settlement as a file has it."""

    code: str
    name: str
    municipality: str
    city: str
    state: str


class BrokenFile(InvalidInput):
    """This is not a whole file of postal codes."""

    code = "broken_file"


def read_settlements(path: Path) -> list[Row]:
    """Return the settlements of a file, each once.

    :raises BrokenFile: it cannot be read, a line of it is wrong, or the country is not whole.
    """
    lines = enumerate(_text_of(path).split("\n"), 1)
    places = _places_of_columns(lines)
    rows: dict[tuple[str, str, str], Row] = {}
    for number, line in lines:
        if line.strip():
            row = _row(number, line, places)
            rows.setdefault((row.code, row.name, row.municipality), row)
    states = {row.state for row in rows.values()}
    if len(states) < STATES:
        raise BrokenFile(f"It holds {len(states)} of {STATES} states; the whole country is needed.")
    return list(rows.values())


def _text_of(path: Path) -> str:
    try:
        content = path.read_bytes()
        if path.suffix == ".xz":
            content = lzma.decompress(content)
    except (OSError, lzma.LZMAError, EOFError) as error:
        raise BrokenFile(f"{path.name} cannot be read: {error}") from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    return text.replace("\r\n", "\n")


def _places_of_columns(lines: Iterator[tuple[int, str]]) -> dict[str, int]:
    """Read up to the names of the columns; return where each of ours stands."""
    for number, line in lines:
        names = [name.strip().lower() for name in line.split("|")]
        if set(COLUMNS) <= set(names):
            return {name: names.index(name) for name in COLUMNS} | {"": len(names)}
        if number == ABOVE_THE_NAMES:
            break
    raise BrokenFile(f"The line with the columns {'|'.join(COLUMNS)} is missing.")


def _row(number: int, line: str, places: dict[str, int]) -> Row:
    cells = line.split("|")
    if len(cells) != places[""]:
        raise BrokenFile(f"Line {number} has {len(cells)} columns instead of {places['']}.")
    try:
        row = Row(*[_cell(name, cells[places[name]]) for name in COLUMNS])
    except InvalidValue as error:
        raise BrokenFile(f"Line {number}: {error}.") from error
    if not CODE.fullmatch(row.code):
        raise BrokenFile(f"Line {number}: d_codigo must have five digits.")
    return row


def _cell(name: str, cell: str) -> str:
    try:
        text = clean_text(cell, LONGEST_NAME)
    except InvalidValue as error:
        raise InvalidValue(f"{name} {error}") from error
    if not text and name not in MAY_BE_EMPTY:
        raise InvalidValue(f"{name} is empty")
    return text
