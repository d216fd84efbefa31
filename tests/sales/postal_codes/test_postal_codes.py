from __future__ import annotations

import io
import lzma
import pickle
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from core.errors import DomainError
from sales.models import Settlement
from sales.postal_codes.catalogue import MEMBER
from sales.postal_codes.reading import Row, read_settlements
from sales.postal_codes.services import load_settlements
from sales.postal_codes.views import LOOK_UPS_PER_MINUTE
from tests.races import at_once
from tests.staff import signed_in

# As SEPOMEX writes it: a sentence, names of columns, Latin-1, Windows' ends of lines.
SENTENCE = "El Catálogo Nacional de Códigos Postales, es elaborado por Correos de México"
NAMES = "d_codigo|d_asenta|d_tipo_asenta|D_mnpio|d_estado|d_ciudad|d_CP|d_zona"


def line(code: str, name: str, municipality: str, state: str, city: str = "") -> str:
    return f"{code}|{name}|Colonia|{municipality}|{state}|{city}|{code}|Urbano"


# One of each of the other 31 states.
COUNTRY = [line(f"{n:02}000", "Centro", f"Municipio {n}", f"Estado {n}") for n in range(1, 32)]
MONTERREY = [
    line("64000", "Zona Ñ", "Monterrey", "Nuevo León", "Monterrey"),
    line("64000", "Ámbar", "Monterrey", "Nuevo León", "Monterrey"),
    line("64000", "Los Límites", "San Pedro", "Nuevo León", "San Pedro Garza"),
    line("67350", "El Rancho", "Allende", "Nuevo León"),
]


@pytest.fixture
def official(tmp_path: Path) -> Any:
    """Write an official file with these lines; return where it is."""

    def write(*lines: str, country: Any = COUNTRY) -> Path:
        path = tmp_path / "CPdescarga.txt"
        text = "\r\n".join([SENTENCE, NAMES, *lines, *country, ""])
        path.write_bytes(text.encode("latin-1"))
        return path

    return write


def load(path: Path | None = None, **options: Any) -> str:
    out = io.StringIO()
    given = {"file": path} if path else {}
    call_command("load_postal_codes", stdout=out, **given, **options)
    return out.getvalue()


def look_up(code: str, **extra: Any) -> Any:
    return APIClient().get(f"/api/copomex/{code}", **extra)


@pytest.mark.django_db
class TestLookUp:
    @pytest.fixture(autouse=True)
    def _loaded(self, official: Any) -> None:
        load(official(*MONTERREY))

    def test_answers_as_the_contract_says(self) -> None:
        assert look_up("64000").json() == {
            "found": True,
            "municipality": "Monterrey",
            "city": "Monterrey",
            "state": "Nuevo León",
            "colonies": ["Ámbar", "Los Límites", "Zona Ñ"],
        }

    def test_of_a_village_names_its_municipality_as_the_city(self) -> None:
        assert look_up("67350").json()["city"] == "Allende"

    def test_of_an_unknown_code_is_empty(self) -> None:
        answer = look_up("99999")
        assert answer.status_code == 200
        assert answer.json() == {
            "found": False,
            "municipality": "",
            "city": "",
            "state": "",
            "colonies": [],
        }

    @pytest.mark.parametrize(
        "code", ["6400", "640000", "6400a", "٦٤٠٠٠", "%00", "64000%0A", "-1000"]
    )
    def test_refuses_what_is_not_five_digits(self, code: str) -> None:
        answer = look_up(code)
        assert answer.status_code == 422
        assert list(answer.json()["errors"]) == ["cp"]

    def test_takes_one_statement(self, django_assert_num_queries: Any) -> None:
        for code in ("64000", "99999"):
            with django_assert_num_queries(1):
                look_up(code, HTTP_AUTHORIZATION="Bearer whatever")

    def test_may_be_kept_by_browsers(self) -> None:
        assert look_up("64000")["Cache-Control"] == "public, max-age=86400"
        assert "Cache-Control" not in look_up("6400")

    def test_is_limited_for_each_address(self) -> None:
        for _ in range(LOOK_UPS_PER_MINUTE):
            assert look_up("6").status_code == 422
        refused = look_up("64000")
        assert refused.status_code == 429
        assert int(refused["Retry-After"]) >= 1
        assert look_up("64000", REMOTE_ADDR="10.1.2.3").status_code == 200


@pytest.mark.django_db
class TestLoading:
    def test_of_the_shipped_file_knows_the_country(self) -> None:
        assert "144,129 added" in load()
        place = look_up("64000").json()
        assert (place["state"], place["colonies"]) == (
            "Nuevo León",
            ["La Finca", "Monterrey Centro"],
        )

    def test_twice_writes_nothing_the_second_time(self, official: Any) -> None:
        path = official(*MONTERREY)
        assert "35 added, 0 removed" in load(path)
        before = set(Settlement.objects.values_list("pk", flat=True))
        assert "0 added, 0 removed" in load(path)
        assert set(Settlement.objects.values_list("pk", flat=True)) == before

    def test_replaces_what_is_not_there_any_more(self, official: Any) -> None:
        load(official(*MONTERREY))
        moved = line("64000", "Zona Ñ", "Monterrey", "Nuevo León", "Otra Ciudad")
        assert "1 added, 4 removed" in load(official(moved))
        assert look_up("64000").json()["city"] == "Otra Ciudad"

    def test_if_empty_leaves_what_an_operator_loaded(self, official: Any) -> None:
        load(official(*MONTERREY))
        assert "already" in load(if_empty=True)
        assert Settlement.objects.count() == 35

    @pytest.mark.parametrize(
        ("broken", "why"),
        [
            ("64000|Centro", "Line 3 has 2 columns instead of 8"),
            (line("640", "Centro", "Monterrey", "Nuevo León"), "Line 3: d_codigo must have five"),
            (line("64000", "", "Monterrey", "Nuevo León"), "Line 3: d_asenta is empty"),
            (line("64000", "x" * 121, "Monterrey", "Nuevo León"), "Line 3: d_asenta cannot be lon"),
            (line("64000", "a\0b", "Monterrey", "Nuevo León"), "Line 3: d_asenta cannot contain"),
        ],
    )
    def test_of_a_broken_file_names_the_line_and_changes_nothing(
        self, official: Any, broken: str, why: str
    ) -> None:
        load(official(*MONTERREY))
        with pytest.raises(CommandError, match=why):
            load(official(broken, *MONTERREY))
        assert Settlement.objects.count() == 35

    def test_refuses_a_file_of_one_state(self, official: Any) -> None:
        with pytest.raises(CommandError, match="It holds 1 of 32 states"):
            load(official(*MONTERREY, country=[]))

    def test_refuses_what_is_no_such_file(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="cannot be read"):
            load(tmp_path / "missing.txt")
        other = tmp_path / "other.csv"
        other.write_text("a,b\n1,2\n")
        with pytest.raises(CommandError, match="The line with the columns"):
            load(other)
        cut = tmp_path / "cut.txt.xz"
        cut.write_bytes(lzma.compress(b"d_codigo" * 1000)[:-40])
        with pytest.raises(CommandError, match="cannot be read"):
            load(cut)


@pytest.mark.django_db(transaction=True)
class TestTwoLoadsAtOnce:
    def test_take_turns(self) -> None:
        rows = [Row("64000", f"Colonia {n}", "Monterrey", "", "Nuevo León") for n in range(2000)]
        done = at_once(*[lambda: load_settlements(rows)] * 4)
        assert sorted((each.added, each.removed) for each in done) == [(0, 0)] * 3 + [(2000, 0)]
        assert Settlement.objects.count() == 2000


class TestBuilding:
    def wheel(self, folder: Path, **tables: dict[Any, Any]) -> Path:
        database, path = folder / "catalogs.db", folder / "some.whl"
        with sqlite3.connect(database) as catalogue:
            for name, rows in tables.items():
                catalogue.execute(f"CREATE TABLE C756_c_{name} (key, value)")
                pickled = [(pickle.dumps(key), pickle.dumps(rows[key])) for key in rows]
                catalogue.executemany(f"INSERT INTO C756_c_{name} VALUES (?, ?)", pickled)
        catalogue.close()
        with zipfile.ZipFile(path, "w") as files:
            files.write(database, MEMBER)
        return path

    def test_makes_a_file_that_can_be_loaded(self, tmp_path: Path) -> None:
        states = {f"S{n:02}": ["MEX", f"Estado {n}"] for n in range(32)}
        codes = {f"{n:02}000": [f"S{n:02}", "001", "01" if n else "", "0", ""] for n in range(32)}
        path = self.wheel(
            tmp_path,
            Estado={**states, "AB": ["CAN", "Alberta"]},
            Municipio={("001", key): f"Municipio de {key}" for key in states},
            Localidad={("01", key): f"Ciudad {key}" for key in states},
            CodigoPostal=codes,
            Colonia={("0001", code): "Centro | Ñ" for code in codes},
        )
        out = tmp_path / "made.txt.xz"
        call_command("build_postal_codes", path, out=out, stdout=io.StringIO())
        rows = read_settlements(out)
        assert rows[0] == Row("00000", "Centro Ñ", "Municipio de S00", "", "Estado 0")
        assert rows[1].city == "Ciudad S01"
        assert len(rows) == 32

    def test_refuses_catalogues_that_hold_more_than_texts(self, tmp_path: Path) -> None:
        path = self.wheel(tmp_path, Estado={"x": DomainError("harm")})
        with pytest.raises(CommandError, match="more than texts"):
            call_command("build_postal_codes", path, out=tmp_path / "made.txt.xz")

    def test_refuses_what_is_no_wheel(self, tmp_path: Path) -> None:
        (tmp_path / "x.whl").write_text("no")
        with pytest.raises(CommandError, match="cannot be read"):
            call_command("build_postal_codes", tmp_path / "x.whl", out=tmp_path / "made.txt.xz")


@pytest.mark.django_db
class TestBackOffice:
    PAGE = "/admin/sales/settlement/"

    def test_finds_a_place_by_any_part_of_it(self, team: Any, official: Any) -> None:
        load(official(*MONTERREY))
        browser = signed_in(team.victor.user)
        for query, found in (("AMBAR", "Ámbar"), ("67350", "El Rancho"), ("nuevo leon", "Allende")):
            page = browser.get(self.PAGE, {"q": query}).content.decode()
            assert found in page
            assert "Municipio 1<" not in page

    def test_changes_nothing(self, team: Any, official: Any) -> None:
        load(official(*MONTERREY))
        browser = signed_in(team.ada.user)
        row = Settlement.objects.first()
        assert browser.get(f"{self.PAGE}add/").status_code == 403
        assert browser.post(f"{self.PAGE}{row.pk}/change/", {"name": "x"}).status_code == 403
        assert browser.post(f"{self.PAGE}{row.pk}/delete/", {"post": "yes"}).status_code == 403
