"""How much memory it takes to read and judge a file, by its rows: it must not grow with them."""

from __future__ import annotations

import csv
import random
import tempfile
import time
import zipfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from xml.sax.saxutils import escape

from benchmarks.commands import run_manage
from benchmarks.names import FIRST_NAMES, LAST_NAMES, TRADES
from benchmarks.people import SLUG

SEED, MEGABYTES, REPEATED = 5, 300, 5  # one row in five repeats an earlier one
COLUMNS = ("Nombre", "Empresa", "Correo", "Teléfono", "Canal", "Valor", "Notas")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/sharedStrings.xml" ContentType="{TYPE}.sharedStrings+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPE}.worksheet+xml"/>'
    "</Types>",
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>",
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
    '<sheets><sheet name="Leads" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    "</Relationships>",
}


def report_memory(sizes: list[int]) -> None:
    """Plan files of these many rows by the command, and print the peak of resident memory.

    :raises EmbeddedError: a file is not taken.
    """
    for suffix, write in ((".csv", write_csv), (".xlsx", write_xlsx)):
        for size in sizes:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / f"leads{suffix}"
                write(path, size)
                began = time.perf_counter()
                peak = run_manage("import_prospects", str(path), "--dry-run", "--tenant", SLUG)
                took = time.perf_counter() - began
            verdict = "pass" if peak < MEGABYTES * 1024**2 else "MISS"
            print(
                f"{suffix[1:]:>4} {size:>9,} rows: peak {peak / 1024**2:,.0f} MB of {MEGABYTES} "
                f"MB: {verdict}; {took:,.1f} s",
                flush=True,
            )


def write_csv(path: Path, size: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(chain([COLUMNS], rows_of(size)))


def write_xlsx(path: Path, size: int) -> None:
    """A workbook as Excel writes it: each text stands once in a table, cells name its number."""
    known: dict[str, int] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in PARTS.items():
            archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f'<worksheet xmlns="{MAIN}"><sheetData>'.encode())
            for line, cells in enumerate(chain([COLUMNS], rows_of(size)), start=1):
                sheet.write(_row(line, cells, known))
            sheet.write(b"</sheetData></worksheet>")
        with archive.open("xl/sharedStrings.xml", "w", force_zip64=True) as strings:
            strings.write(f'<sst xmlns="{MAIN}">'.encode())
            for text in known:
                strings.write(f"<si><t>{escape(text)}</t></si>".encode())
            strings.write(b"</sst>")


def _row(line: int, cells: tuple[str, ...], known: dict[str, int]) -> bytes:
    shared = (known.setdefault(text, len(known)) for text in cells)
    written = "".join(
        f'<c r="{chr(65 + column)}{line}" t="s"><v>{number}</v></c>'
        for column, number in enumerate(shared)
    )
    return f'<row r="{line}">{written}</row>'.encode()


def rows_of(size: int) -> Iterator[tuple[str, ...]]:
    """Rows of which nearly all texts differ; the same for every run."""
    dice = random.Random(SEED)
    for n in range(size):
        person = n // 2 if n % REPEATED == REPEATED - 1 else n
        name = f"{dice.choice(FIRST_NAMES)} {dice.choice(LAST_NAMES)}"
        yield (
            f"{name} {n}",
            f"{dice.choice(TRADES)} {dice.choice(LAST_NAMES)} {n}",
            f"memory{person}@correo.mx",
            f"+52155{person:08}",
            dice.choice(("feria", "web", "recomendado")),
            str(dice.randrange(1000, 900_000)),
            f"Llamar a {name}, tienda {n}, antes del mediodía; pide tarifas por peso y zona.",
        )
