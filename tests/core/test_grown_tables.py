"""Keys are checked by index soon after the first rows of a large import."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.db import connection

from core.grown_tables import analyze_grown

TABLE = SimpleNamespace(_meta=SimpleNamespace(db_table="Grown here"))


def known_rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("""SELECT reltuples FROM pg_class WHERE oid = '"Grown here"'::regclass""")
        return int(cursor.fetchone()[0])


def write(rows: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("""INSERT INTO "Grown here" SELECT generate_series(1, %s)""", [rows])


@pytest.fixture
def table(db):
    with connection.cursor() as cursor:
        cursor.execute("""CREATE TABLE "Grown here" (n int)""")


@pytest.mark.usefixtures("table")
class TestStatistics:
    def test_are_taken_when_a_table_has_grown_fourfold(self):
        write(20_000)
        analyze_grown(TABLE)
        assert known_rows() == 20_000
        write(40_000)
        analyze_grown(TABLE)
        assert known_rows() == 20_000
        write(40_000)
        analyze_grown(TABLE)
        assert known_rows() == 100_000

    def test_of_few_rows_are_left_to_autovacuum(self):
        write(100)
        analyze_grown(TABLE)
        assert known_rows() == -1

    def test_of_a_table_beyond_two_gigabytes_are_asked_for_as_well(self):
        """Its size in bytes is more than a whole number of SQL holds."""
        write(20_000)
        with connection.cursor() as cursor:
            cursor.execute("""
                UPDATE pg_class SET relpages = 300000, reltuples = 1
                WHERE oid = '"Grown here"'::regclass
            """)
        analyze_grown(TABLE)
        assert known_rows() == 1  # it has not grown
