import io
import random
import struct
import tracemalloc
import zipfile
from datetime import date, datetime, time

import pytest
from openpyxl import Workbook

from core.moments import parse_date, parse_when
from prospects.imports import xlsx_rows
from prospects.imports.files import Row, TableError, open_table

# Excel knows no time zones.
MOMENT = datetime(2026, 3, 15, 9, 30)  # noqa: DTZ001
MIDNIGHT = datetime(2026, 3, 15)  # noqa: DTZ001
DAY = date(2026, 3, 1)


def workbook(*rows, **formats):
    """The bytes of a workbook with these rows; `formats` are number formats by cell."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for cell, number_format in formats.items():
        book.active[cell].number_format = number_format
    return saved(book)


def saved(book):
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_member(content, name, replacement):
    """The archive with one member replaced."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.infolist():
            new.writestr(
                member.filename, replacement if member.filename == name else old.read(member)
            )
    return file.getvalue()


def read(content):
    table = open_table(io.BytesIO(content), "leads.xlsx")
    return table.columns, list(table)


class TestWorkbooks:
    def test_give_text_for_every_kind_of_cell(self):
        content = workbook(
            ["nombre", "cp", "teléfono", "monto", "fecha", "día", "hora", "activo", "vacío"],
            ["García", "01234", 5551234567, 1234.5, MOMENT, DAY, time(9, 5), True, None],
            [" Peña ", 1234, 5551234567.0, 0.1 + 0.2, MIDNIGHT, None, None, False, 1e15],
            B3="00000",
        )
        columns, rows = read(content)
        assert columns[:2] == ["nombre", "cp"]
        first = ["García", "01234", "5551234567", "1234.5", "2026-03-15T09:30:00", "2026-03-01"]
        assert list(rows[0].values.values()) == [*first, "09:05:00", "TRUE", ""]
        second = [" Peña ", "01234", "5551234567", "0.3", "2026-03-15", "", "", "FALSE"]
        assert list(rows[1].values.values()) == [*second, "1000000000000000"]

    def test_give_days_that_the_parsers_read(self):
        content = workbook(["a", "b"], [MOMENT, DAY])
        cells = read(content)[1][0].values
        assert f"{parse_when(cells['a'], None):%Y-%m-%d %H:%M}" == "2026-03-15 09:30"
        assert parse_date(cells["b"]) == date(2026, 3, 1)

    def test_keep_the_numbers_of_their_lines(self):
        content = workbook([], ["a", "b"], [], [None, "  "], ["1", "2"], [], ["3"])
        assert read(content) == (
            ["a", "b"],
            [Row(5, {"a": "1", "b": "2"}), Row(7, {"a": "3", "b": ""})],
        )

    def test_report_cells_too_many_and_errors_of_formulas(self):
        _, rows = read(workbook(["a", "b"], [1, 2, 3], ["#N/A", 2], [5, 6]))
        assert rows[0].error == "has 3 cells where the header has 2"
        assert rows[1].error == "the cell A3 holds the error #N/A"
        assert rows[2] == Row(4, {"a": "5", "b": "6"})

    def test_give_the_stored_result_of_a_formula(self):
        plain = workbook(["a", "b"], [1, "=A2+1"])
        sheet = zipfile.ZipFile(io.BytesIO(plain)).read("xl/worksheets/sheet1.xml")
        assert b"<f>A2+1</f><v></v>" in sheet or b"<f>A2+1</f><v />" in sheet
        for empty in (b"<v></v>", b"<v />"):
            sheet = sheet.replace(b"<f>A2+1</f>" + empty, b"<f>A2+1</f><v>2</v>")
        content = with_member(plain, "xl/worksheets/sheet1.xml", sheet)
        assert read(content)[1] == [Row(2, {"a": "1", "b": "2"})]

    def test_are_read_at_their_first_visible_sheet(self):
        book = Workbook()
        book.active.sheet_state = "hidden"
        book.active.append(["secret"])
        sheet = book.create_sheet("Leads")
        sheet.append(["name"])
        sheet.append(["Ana"])
        assert read(saved(book)) == (["name"], [Row(2, {"name": "Ana"})])

    def test_are_known_by_their_content(self, tmp_path):
        path = tmp_path / "leads.csv"
        path.write_bytes(workbook(["name"], ["Ana"]))
        assert [row.values for row in open_table(path, path.name)] == [{"name": "Ana"}]

    def test_may_be_read_twice_and_stay_open(self):
        file = io.BytesIO(workbook(["name"], ["Ana"]))
        table = open_table(file, "leads.xlsx")
        assert list(table) == list(table) == [Row(2, {"name": "Ana"})]
        assert not file.closed

    def test_do_not_trust_the_declared_dimension(self):
        plain = workbook(["a", "b"], [1, 2])
        sheet = zipfile.ZipFile(io.BytesIO(plain)).read("xl/worksheets/sheet1.xml")
        wrong = with_member(plain, "xl/worksheets/sheet1.xml", sheet.replace(b"A1:B2", b"A1:A1"))
        assert read(wrong)[1] == [Row(2, {"a": "1", "b": "2"})]


SHEET, TEXTS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def as_excel_writes(rows, texts):
    """A workbook whose cells name texts of a table: rows are lists of numbers."""
    lines = (
        "".join(
            f'<c r="{chr(65 + column)}{line}" t="s"><v>{number}</v></c>' for column, number in row
        )
        for line, row in enumerate(map(enumerate, rows), start=1)
    )
    sheet = "".join(
        f'<row r="{line}" ht="15">{row}</row>' for line, row in enumerate(lines, start=1)
    )
    content = with_member(
        workbook(["a"]),
        SHEET,
        f'<worksheet xmlns="{MAIN}"><sheetData>{sheet}</sheetData></worksheet>',
    )
    types = zipfile.ZipFile(io.BytesIO(content)).read("[Content_Types].xml").decode()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    named = f'<Override PartName="/{TEXTS}" ContentType="{kind}"/></Types>'
    content = with_member(content, "[Content_Types].xml", types.replace("</Types>", named))
    file = io.BytesIO(content)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(TEXTS, f'<sst xmlns="{MAIN}">{"".join(texts)}</sst>')
    return file.getvalue()


class TestTextsThatCellsShare:
    def test_are_found_in_any_order(self):
        numbers = [*range(1, 1000)]
        random.Random(1).shuffle(numbers)
        content = as_excel_writes(
            [[0], *([number] for number in numbers)],
            [f"<si><t>Peña {number}</t></si>\n" for number in range(1000)],
        )
        columns, rows = read(content)
        assert columns == ["Peña 0"]
        assert [row.values["Peña 0"] for row in rows] == [f"Peña {number}" for number in numbers]

    def test_may_be_written_in_several_colours(self):
        texts = [
            "<si><t>a</t></si>",
            "<si><r><t>red</t></r><r><t xml:space='preserve'> one</t></r></si>",
        ]
        assert read(as_excel_writes([[0], [1]], texts))[1] == [Row(2, {"a": "red one"})]

    @pytest.mark.parametrize("number", [-1, 2, 10_000])
    def test_are_missed_when_there_are_fewer(self, number):
        texts = ["<si><t>a</t></si>", "<si><t>b</t></si>"]
        with pytest.raises(TableError, match="damaged"):
            read(as_excel_writes([[0], [number]], texts))

    def test_do_not_stay_in_memory(self, monkeypatch):
        monkeypatch.setattr(xlsx_rows, "_IN_MEMORY", 100_000)
        monkeypatch.setattr(xlsx_rows, "_BLOCKS_AT_HAND", 4)
        texts = [f"<si><t>{number}{'x' * number}</t></si>" for number in range(4_000)]
        content = as_excel_writes([[number] for number in range(4_000)], texts)
        del texts
        read(as_excel_writes([[0], [0]], ["<si><t>a</t></si>"]))  # what the first file ever loads
        tracemalloc.start()
        try:
            assert sum(1 for _ in open_table(io.BytesIO(content), "leads.xlsx")) == 3_999
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        # Some 6 MB are needed anyhow, a little more or less by what ran before; the texts are 8 MB.
        assert peak < 10_000_000


class TestRefusedWorkbooks:
    def test_have_lines_out_of_order(self):
        plain = workbook(["a"], ["1"], ["2"])
        sheet = zipfile.ZipFile(io.BytesIO(plain)).read(SHEET)
        with pytest.raises(TableError, match="damaged"):
            read(with_member(plain, SHEET, sheet.replace(b'<row r="3"', b'<row r="2"')))

    def test_have_a_row_or_a_text_without_end(self, monkeypatch):
        monkeypatch.setattr(xlsx_rows, "_LONGEST_PIECE", 50_000)
        long = "".join(map(chr, range(0x3400, 0x4D00))) * 20
        with pytest.raises(TableError, match="damaged"):
            read(workbook(["a"], [long]))
        with pytest.raises(TableError, match="damaged"):
            read(as_excel_writes([[0], [1]], ["<si><t>a</t></si>", f"<si><t>{long}</t></si>"]))

    def test_are_other_archives(self):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("leads.csv", "name,email\n")
        with pytest.raises(TableError, match=r"ZIP archive, but no \.xlsx"):
            read(file.getvalue())

    @pytest.mark.parametrize("kept", [4, 100, 2000, -30])
    def test_are_cut_ones(self, kept):
        with pytest.raises(TableError, match="damaged"):
            read(workbook(["name"], ["Ana"])[:kept])

    @pytest.mark.parametrize(
        "name",
        ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml", "xl/styles.xml"],
    )
    @pytest.mark.parametrize("content", [b"", b"\0\1\2", b"<a><b></a>"])
    def test_are_damaged_ones(self, name, content):
        with pytest.raises(TableError, match=r"damaged|is empty|no visible sheet"):
            read(with_member(workbook(["name"], ["Ana"]), name, content))

    def test_are_empty_ones(self):
        with pytest.raises(TableError, match="is empty"):
            read(workbook([None, " "]))

    def test_have_bad_headers(self):
        with pytest.raises(TableError, match="two columns named A"):
            read(workbook(["a", "A"]))
        with pytest.raises(TableError, match="more than 500"):
            read(workbook([f"c{number}" for number in range(501)]))

    def test_unpack_to_far_more_than_they_are(self):
        bomb = with_member(workbook(["a"]), "xl/worksheets/sheet1.xml", b" " * 20_000_000)
        assert len(bomb) < 100_000
        with pytest.raises(TableError, match="too large when unpacked"):
            read(bomb)

    def test_unpack_to_more_than_they_declare(self):
        bomb = with_member(workbook(["a"]), "xl/worksheets/sheet1.xml", b" " * 20_000_000)
        forged = bomb.replace(struct.pack("<L", 20_000_000), struct.pack("<L", 1000))
        assert forged != bomb
        with pytest.raises(TableError, match=r"damaged|is empty"):
            read(forged)

    def test_are_bombs_of_xml_entities(self):
        entities = "".join(
            f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 10)
        )
        xml = f'<!DOCTYPE b [<!ENTITY e0 "boom">{entities}]><b>&e9;</b>'
        content = with_member(workbook(["a"]), "xl/worksheets/sheet1.xml", xml.encode())
        with pytest.raises(TableError, match="damaged"):
            read(content)

    def test_have_a_row_beyond_the_last(self):
        plain = workbook(["a"], ["1"])
        sheet = zipfile.ZipFile(io.BytesIO(plain)).read("xl/worksheets/sheet1.xml")
        far = sheet.replace(b'r="2"', b'r="99999999999"').replace(b'r="A2"', b'r="A99999999999"')
        with pytest.raises(TableError, match="more than 1,048,576 lines"):
            read(with_member(plain, "xl/worksheets/sheet1.xml", far))
