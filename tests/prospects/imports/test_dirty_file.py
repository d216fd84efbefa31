"""One file with everything wrong that real lists of leads have, read from bytes to values."""

import io
from collections import Counter
from zoneinfo import ZoneInfo

import pytest

from core.amounts import parse_money
from core.emails import InvalidEmail, normalize_email
from core.moments import parse_when
from core.phones import to_e164
from core.values import parse_count
from prospects.imports.files import open_table

HEADER = "Nombre;Compañía;Correo;Teléfono;Envíos;Valor;Primer contacto"
PEOPLE = [
    "José Muñoz;Peñafiel S.A.;JOSE@PENAFIEL.MX;55 1234 5678;100-500;$1,234.50;26-02-2018 19:58",
    "José Muñoz;Peñafiel S.A.;jose@penafiel.mx;044 55 1234 5678;150;1.234,50;26/02/2018",
    "",
    "Íñigo Núñez;Güemes;Íñigo <inigo@guemes.mx>;045 (55) 1234-5678;5000+;1 234,50 MXN;2018-02-26",
    ";;;;;;",
    '"Ana ""La Güera"" Ruiz";"Dulces;\nTortas";mailto:ana@dulces.mx;01 55 1234 5678;0;0;01-02-2018',
    "Zoë Pérez;;zoe@x.mx;+52 1 55 1234 5678;1,500;;2018/02/01",
    "Ñoño;;nono@x.mx;5.512345678E9;;12;2018-02-01T10:00:00-06:00",
    "con nul;a\0b;nul@x.mx;5512345678;;;",
    "largo;" + "x" * 1_000_000 + ";largo@x.mx;5512345678;;;",
    "sobra;una;celda@x.mx;5512345678;1;1;01-02-2018;de más",
    "Último;;no es correo;5512345678;;;",
]
MEXICO = ZoneInfo("America/Mexico_City")


@pytest.fixture(
    params=[
        ("latin-1", b""),
        ("cp1252", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("utf-16-le", b"\xff\xfe"),
    ],
    ids=lambda param: param[0],
)
def rows(request):
    encoding, mark = request.param
    content = "\r\n".join([HEADER, *PEOPLE, ""])
    return list(open_table(io.BytesIO(mark + content.encode(encoding)), "sucio.csv"))


@pytest.fixture
def good(rows):
    return [row.values for row in rows if not row.error]


class TestTheDirtyFile:
    def test_has_its_rows_on_their_lines(self, rows):
        assert [row.number for row in rows] == [2, 3, 5, 7, 9, 10, 11, 12, 13, 14]

    def test_has_three_bad_rows(self, rows):
        assert [(row.number, row.error) for row in rows if row.error] == [
            (11, "cell 2 contains a NUL character"),
            (12, "cell 2 is longer than 100,000 characters"),
            (13, "has 8 cells where the header has 7"),
        ]

    def test_keeps_accents_quotes_and_line_ends_within_cells(self, good):
        assert good[0]["Compañía"] == "Peñafiel S.A."
        assert good[2]["Nombre"] == "Íñigo Núñez"
        assert good[3]["Nombre"] == 'Ana "La Güera" Ruiz'
        assert good[3]["Compañía"] == "Dulces;\nTortas"

    def test_has_one_phone_in_all_its_spellings(self, good):
        phones = {to_e164(None, row["Teléfono"], "MX").e164 for row in good}
        assert phones == {"+525512345678"}

    def test_has_a_duplicate_and_a_wrong_email(self, good):
        counts = Counter(normalize_email(row["Correo"]) for row in good[:-1])
        assert counts.pop("jose@penafiel.mx") == 2
        assert set(counts) == {"inigo@guemes.mx", "ana@dulces.mx", "zoe@x.mx", "nono@x.mx"}
        with pytest.raises(InvalidEmail):
            normalize_email(good[-1]["Correo"])

    def test_has_counts_amounts_and_days_to_read(self, good):
        counts = [parse_count(row["Envíos"]) for row in good if row["Envíos"]]
        assert counts == [100, 150, 5000, 0, 1500]
        amounts = [str(parse_money(row["Valor"])) for row in good if row["Valor"]]
        assert amounts == ["1234.50"] * 3 + ["0.00", "12.00"]
        days = [f"{parse_when(row['Primer contacto'], MEXICO):%m-%d %H}" for row in good[:6]]
        assert days == ["02-26 19", "02-26 00", "02-26 00", "02-01 00", "02-01 00", "02-01 10"]
