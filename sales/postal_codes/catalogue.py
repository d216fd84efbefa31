"""The settlements as the SAT, Mexico's tax authority, publishes them for invoices (CFDI 4.0).

They are read from the catalogues in a wheel of the library satcfdi: a SQLite file whose keys and
values are pickled texts, tuples and lists of texts. Nothing else is unpickled.
"""

from __future__ import annotations

import io
import lzma
import pickle
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sales.postal_codes.reading import COLUMNS, Row

MEMBER = "satcfdi/catalogs/catalogs.db"
MEXICO = "MEX"


class PlainUnpickler(pickle.Unpickler):
    """Refuses everything that is not built in."""

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"{module}.{name} is no text")


def settlements_of_wheel(wheel: Path) -> list[Row]:
    """Return the settlements in a wheel of satcfdi, ordered."""
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(wheel) as files:
        database = sqlite3.connect(files.extract(MEMBER, folder))
        try:
            return sorted(set(_settlements(database)))
        finally:
            database.close()


def write_settlements(rows: list[Row], path: Path) -> None:
    """Write them as `read_settlements` reads them."""
    lines = ["|".join(line) for line in (COLUMNS, *rows)]
    path.write_bytes(lzma.compress("\n".join([*lines, ""]).encode(), preset=9))


def _settlements(database: sqlite3.Connection) -> Iterator[Row]:
    states = {key: name for key, (country, name) in _table(database, "Estado") if country == MEXICO}
    municipalities = dict(_table(database, "Municipio"))
    cities = dict(_table(database, "Localidad"))
    codes = dict(_table(database, "CodigoPostal"))
    for (_, code), name in _table(database, "Colonia"):
        state, municipality, city, *_ = codes[code]
        yield Row(
            code=code,
            name=_one_cell(name),
            municipality=_one_cell(municipalities[municipality, state]),
            city=_one_cell(cities.get((city, state), "")),
            state=_one_cell(states[state]),
        )


def _table(database: sqlite3.Connection, name: str) -> Iterator[tuple[Any, Any]]:
    for key, value in database.execute(f"SELECT * FROM C756_c_{name}"):
        yield _plain(key), _plain(value)


def _plain(pickled: bytes) -> Any:
    return PlainUnpickler(io.BytesIO(pickled)).load()


def _one_cell(text: str) -> str:
    return " ".join(text.replace("|", " ").split())
