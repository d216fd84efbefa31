from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import DataError, connection, transaction

from core.kept_plans import fetch_kept

SQL = "SELECT %s::numeric AS amount, %s::timestamptz AS at, %s::bigint[] AS ids, NULL AS nothing"


def prepared() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%amount%'"
        )
        return int(cursor.fetchone()[0])


@pytest.mark.django_db
class TestAKeptPlan:
    def test_is_made_once_for_all_values(self):
        before = prepared()
        for number in range(3):
            fetch_kept(SQL, [number, None, [1, number]])
        assert prepared() == before + 1

    def test_reads_what_the_database_holds(self):
        at = datetime(2026, 3, 15, 10, 30, tzinfo=UTC)
        (row,) = fetch_kept(SQL, [Decimal("12.50"), at, [10**12]])
        assert row == {"amount": Decimal("12.50"), "at": at, "ids": [10**12], "nothing": None}
        assert str(row["amount"]) == "12.50"

    def test_counts_as_a_statement(self, django_assert_num_queries):
        with django_assert_num_queries(1):
            fetch_kept(SQL, [1, None, []])

    def test_raises_the_errors_of_django(self):
        with pytest.raises(DataError), transaction.atomic():
            fetch_kept("SELECT 1 / %s::int AS amount", [0])
