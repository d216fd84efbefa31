import io
import tracemalloc

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from prospects.imports.files import Row, TableError, open_table


def read(content, name="leads.csv"):
    """The columns and rows of these bytes."""
    table = open_table(io.BytesIO(content), name)
    return table.columns, list(table)


def values(content):
    _, rows = read(content)
    assert not any(row.error for row in rows)
    return [tuple(row.values.values()) for row in rows]


class TestEncodings:
    @pytest.mark.parametrize(
        "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"]
    )
    def test_are_recognised(self, encoding):
        mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
        columns, rows = read(mark + "Compañía,Ciudad\nPeñón,México\n".encode(encoding))
        assert columns == ["Compañía", "Ciudad"]
        assert rows == [Row(2, {"Compañía": "Peñón", "Ciudad": "México"})]

    @pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
    def test_are_recognised_by_a_letter_after_the_first_megabyte(self, encoding):
        content = "name,city\n" + "Ana,Leon\n" * 200_000 + "Íñigo,León\n"
        *_, last = open_table(io.BytesIO(content.encode(encoding)), "leads.csv")
        assert last == Row(200_002, {"name": "Íñigo", "city": "León"})

    def test_knows_windows_quotes_from_latin_1_control_codes(self):
        assert values("a,b\n“Peña”,€\n".encode("cp1252")) == [("“Peña”", "€")]
        assert values(b"a,b\nPe\xf1a,\x81\n") == [("Peña", "\x81")]

    def test_does_not_change_for_a_character_cut_at_the_end(self):
        content = "name\nPeña\nMuñoz\nNuñ".encode()[:-1]
        assert values(content) == [("Peña",), ("Muñoz",), ("Nu\N{REPLACEMENT CHARACTER}",)]


class TestDelimiters:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    def test_are_recognised(self, delimiter):
        content = "name;city\nAna, Eva | Co;León\n".replace(";", delimiter)
        if delimiter in ",|":
            content = content.replace("Ana, Eva | Co", '"Ana, Eva | Co"')
        assert values(content.encode()) == [("Ana, Eva | Co", "León")]

    def test_are_those_that_the_rows_agree_on(self):
        content = b"name, first;city, state;notes\nAna;Leon;a, b, c\nEva;Leon;\nIvo;Leon;d\n"
        assert read(content)[0] == ["name, first", "city, state", "notes"]

    def test_may_be_told_by_excel(self):
        columns, rows = read(b"sep=;\r\na,x;b\r\n1;2\r\n")
        assert columns == ["a,x", "b"]
        assert rows == [Row(3, {"a,x": "1", "b": "2"})]

    def test_are_not_needed_for_one_column(self):
        assert values(b"email\nana@x.mx\neva@x.mx\n") == [("ana@x.mx",), ("eva@x.mx",)]


class TestLines:
    @pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
    def test_keep_their_numbers_over_blank_lines_and_quoted_ones(self, newline):
        content = '\na,b\n\n1,"x\ny\n\nz"\n,\n  , \n2,"q ""r"""\n'.replace("\n", newline)
        columns, rows = read(content.encode())
        assert columns == ["a", "b"]
        assert [row.number for row in rows] == [4, 10]
        assert rows[0].values == {"a": "1", "b": f"x{newline}y{newline}{newline}z"}
        assert rows[1].values == {"a": "2", "b": 'q "r"'}

    def test_may_lack_their_last_cells(self):
        assert values(b"a,b,c\n1\n2,3\n4,5,6") == [("1", "", ""), ("2", "3", ""), ("4", "5", "6")]

    def test_may_have_blank_cells_too_many(self):
        assert values(b"a,b,,\n1,2,,\n3,4,,,,\n") == [("1", "2"), ("3", "4")]

    def test_report_cells_too_many(self):
        _, rows = read(b"a,b\n1,2,3\n4,5\n")
        assert rows[0] == Row(2, {"a": "1", "b": "2"}, "has 3 cells where the header has 2")
        assert rows[1] == Row(3, {"a": "4", "b": "5"})

    def test_report_a_nul(self):
        _, rows = read(b"a,b\nx\0y,2\n3,4\n")
        assert rows[0] == Row(
            2, {"a": "x\N{REPLACEMENT CHARACTER}y", "b": "2"}, "cell 1 contains a NUL character"
        )
        assert not rows[1].error

    @pytest.mark.parametrize(
        ("cell", "reason"),
        [
            (b"x" * 100_001, "cell 1 is longer than 100,000 characters"),
            (b"x" * 1_000_000, "cell 1 is longer than 100,000 characters"),
            (b'"' + b"x\n" * 100_000 + b'"', "cell 1 is longer than 100,000 characters"),
            (b"x" * 3_000_000, "a cell is longer than 2,000,000 characters"),
            (b"x" * 9_000_000, "a cell is longer than 2,000,000 characters"),
            (b"x," * 4_500_000, "is longer than 4,000,000 characters"),
        ],
        ids=range(6),
    )
    def test_report_what_is_too_long_and_go_on(self, cell, reason):
        _, rows = read(b"a,b\n" + cell + b",2\n3,4\n")
        assert rows[0].number == 2
        assert rows[0].error == reason
        assert all(len(value) <= 101 for value in rows[0].values.values())
        assert rows[1].values == {"a": "3", "b": "4"}
        assert len(rows) == 2

    def test_report_a_quote_that_never_ends_and_go_on_behind_it(self):
        _, rows = read(b'a,b\n"x,1\n' + b"y,2\n" * 600_000)
        assert rows[0].number == 2
        assert rows[0].error.startswith("a quoted cell does not end within 2,000,000 characters")
        assert f"lines 2 to {rows[1].number - 1} are skipped" in rows[0].error
        assert rows[-1] == Row(600_002, {"a": "y", "b": "2"})

    def test_report_a_file_that_ends_inside_a_quoted_cell(self):
        _, rows = read(b'a,b\n1,2\n3,"half a no')
        assert rows[0].error == ""
        assert rows[1].number == 3
        assert rows[1].error == "the file ends inside a quoted cell"

    def test_report_a_file_that_ends_inside_a_row(self):
        _, rows = read(b"a,b\n1,2\n3")
        assert rows[1] == Row(3, {"a": "3", "b": ""}, "the file ends in the middle of this row")


class TestRefusedFiles:
    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"", "is empty"),
            (b"\xef\xbb\xbf", "no line of column names"),
            (b"\n \n,,\n", "no line of column names"),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG picture"),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", "JPEG picture"),
            (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "PDF document"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old or password-protected Excel"),
            (b"\x1f\x8b\x08\0\0", "gzip archive"),
            (b"PK\x05\x06" + bytes(18), "ZIP archive"),
            (b"\n <!DOCTYPE html><html><table>", "web page"),
            (b"<html><body>name,email", "web page"),
            (bytes(range(256)) * 4, "not a text file"),
            ("name,email\nAna,a@x.mx\n".encode("utf-16-le"), "not a text file"),
            (b"name,name\n1,2\n", "two columns named name"),
            (b"Email,name,EMAIL\n", "two columns named EMAIL"),
            (b"name,,email\n", "column without a name: number 2"),
            (b",name\n", "column without a name: number 1"),
            (b"na\0me,email\n", "NUL"),
            (b"x" * 201 + b",email\n", "column names"),
            (b'name,"ema', "ends inside a quoted cell"),
            (b",".join(b"c%d" % number for number in range(501)), "more than 500 columns"),
        ],
        ids=lambda value: repr(value)[:25],
    )
    def test_say_why_in_one_line(self, content, reason):
        with pytest.raises(TableError, match=reason) as caught:
            read(content)
        assert str(caught.value).startswith("leads.csv ")
        assert "\n" not in str(caught.value)

    def test_may_be_absent(self, tmp_path):
        with pytest.raises(TableError, match=r"leads\.csv cannot be opened: No such file"):
            open_table(tmp_path / "leads.csv", "leads.csv")

    def test_may_be_a_folder(self, tmp_path):
        with pytest.raises(TableError, match="cannot be opened: Is a directory"):
            open_table(str(tmp_path), "leads.csv")

    def test_do_not_include_500_columns(self):
        assert len(read(b",".join(b"c%d" % number for number in range(500)))[0]) == 500


class TestSources:
    CONTENT = b"name,city\nAna,Leon\n"
    ROWS = [Row(2, {"name": "Ana", "city": "Leon"})]

    def test_may_be_paths(self, tmp_path):
        path = tmp_path / "leads.csv"
        path.write_bytes(self.CONTENT)
        assert list(open_table(path, path.name)) == self.ROWS
        assert list(open_table(str(path), path.name)) == self.ROWS

    def test_may_be_uploads(self):
        upload = SimpleUploadedFile("leads.csv", self.CONTENT)
        assert list(open_table(upload, upload.name)) == self.ROWS
        assert not upload.closed

    def test_may_be_read_twice_and_stay_open(self):
        file = io.BytesIO(self.CONTENT)
        file.seek(7)
        table = open_table(file, "leads.csv")
        assert list(table) == list(table) == self.ROWS
        assert not file.closed

    def test_may_be_left_in_the_middle(self, tmp_path):
        path = tmp_path / "leads.csv"
        path.write_bytes(self.CONTENT * 1000)
        table = open_table(path, path.name)
        assert next(iter(table)) == self.ROWS[0]

    def test_are_read_in_constant_memory(self, tmp_path):
        path = tmp_path / "leads.csv"
        path.write_bytes(b"name,city\n" + b"Ana Maria Lopez,Leon de los Aldama\n" * 60_000)
        tracemalloc.start()
        try:
            assert sum(1 for _ in open_table(path, path.name)) == 60_000
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < 6_000_000
