"""A million shipments imported by the command, beside COPY of the same rows."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.commands import run_manage
from benchmarks.copying import copy_statement
from benchmarks.figures.key_tables import SCHEMA, create_copies, drop_copies, empty_copies
from benchmarks.measure import Bare, Contest
from benchmarks.people import SLUG
from benchmarks.removing import unguarded
from core.embedded.errors import EmbeddedError

OPERATIONS = (
    "`manage.py import_operations --kind shipments`, a CSV of shipments spread over a year and all "
    "companies, the balances right after each chunk: at most 4 × COPY of the same rows into the "
    "product's own table, in one transaction, with its indexes, foreign keys and triggers. Beside "
    "it, for information, COPY into an empty copy of the table with only its primary and unique "
    "keys and without foreign keys. Afterwards the balances are compared with the rows."
)
TABLE = "clients_shipment"
ROWS, ROUNDS, SEED, MEGABYTES = 1_000_000, 2, 4, 300
YEAR = 365 * 24 * 3600
COLUMNS = ("external_id", "company_id", "charge", "currency", "carrier", "shipped_at")
CARRIERS = ("Estafeta", "DHL", "FedEx", "99minutos", "UPS", "")
# Accounts that are kept in pesos.
COMPANIES = """
    SELECT company.id FROM clients_company AS company
    JOIN prospects_prospect AS card ON card.id = company.prospect_id
    LEFT JOIN prospects_locale AS locale ON locale.id = card.locale_id
    WHERE company.tenant_id = %(tenant)s AND company.deleted_at IS NULL
        AND coalesce(nullif(company.balance_currency, ''), locale.currency, 'MXN') = 'MXN'
    ORDER BY company.id
"""
KEEP_ACCOUNTS = """
    CREATE TEMPORARY TABLE accounts_before AS
    SELECT id, balance, balance_currency, first_shipment_at FROM clients_company
    WHERE tenant_id = %(tenant)s
"""
PUT_BACK = """
    UPDATE clients_company AS company
    SET balance = kept.balance, balance_currency = kept.balance_currency,
        first_shipment_at = kept.first_shipment_at
    FROM accounts_before AS kept WHERE kept.id = company.id AND company.balance <> kept.balance
"""
SPENT = """
    SELECT sum(kept.balance) - sum(company.balance)
    FROM clients_company AS company JOIN accounts_before AS kept USING (id)
"""


def imported(bench: Bench) -> Iterator[Contest]:
    """One contest; what it wrote is removed after each round, outside of the timing."""
    companies = [row[0] for row in bench.rows(COMPANIES, {"tenant": bench.tenant_id})]
    number = min(ROWS, 100 * len(companies))
    with tempfile.TemporaryDirectory() as folder:
        run = ShipmentRun(bench, Path(folder), companies, number)
        yield Contest(
            f"{number:,} shipments of {len(companies):,} companies",
            "operator",
            run.import_file,
            [Bare("COPY", 4, run.copy), Bare("COPY, keys only", 0, run.copy_bare)],
            rounds=ROUNDS,
            after_round=run.clear_up,
            finish=run.close,
            remarks=run.remarks,
        )


class ShipmentRun:
    """The rounds of the import. File and COPY hold the same rows under other external ids."""

    def __init__(self, bench: Bench, folder: Path, companies: list[int], number: int) -> None:
        self.bench, self.number = bench, number
        self.csv, self.text = folder / "shipments.csv", folder / "shipments.copy"
        self.total = self._write(companies)
        self.last = bench.value(f"SELECT coalesce(max(id), 0) FROM {TABLE}")
        self.peak_bytes = 0
        bench.database.execute(KEEP_ACCOUNTS, {"tenant": bench.tenant_id})
        create_copies(bench.database, (TABLE,))

    def import_file(self, number: int) -> None:
        words = ("import_operations", str(self.csv), "--kind", "shipments", "--tenant", SLUG)
        self.peak_bytes = max(self.peak_bytes, run_manage(*words))

    def copy(self, number: int) -> None:
        self._copy(f"public.{TABLE}")

    def copy_bare(self, number: int) -> None:
        self._copy(f"{SCHEMA}.{TABLE}")

    def clear_up(self) -> None:
        """Compare the balances with the rows, and remove both.

        :raises EmbeddedError: they differ.
        """
        spent = self.bench.value(SPENT)
        self._remove()
        if spent != 2 * self.total:
            raise EmbeddedError(f"the balances fell by {spent}, the charges are {2 * self.total}")

    def close(self) -> None:
        """Leave nothing behind, also when a round was broken off."""
        self._remove()
        self.bench.database.execute("DROP TABLE accounts_before")
        drop_copies(self.bench.database)

    def remarks(self) -> list[str]:
        peak = self.peak_bytes / 1024**2
        verdict = "pass" if peak < MEGABYTES else "**miss**"
        return [f"Peak memory of the command: {peak:,.0f} MB of {MEGABYTES} MB: {verdict}."]

    def _copy(self, table: str) -> None:
        statement = copy_statement(table, ("tenant_id", *COLUMNS))
        with (
            self.text.open("rb") as file,
            self.bench.database.transaction(),
            self.bench.database.cursor() as cursor,
            cursor.copy(statement) as copy,
        ):
            while data := file.read(1 << 20):
                copy.write(data)

    def _write(self, companies: list[int]) -> Decimal:
        """Write both files. Returns what all shipments are charged."""
        dice, cents = random.Random(SEED), 0
        first = datetime.now(UTC).replace(microsecond=0) - timedelta(days=366)
        with self.csv.open("w") as file, self.text.open("w") as text:
            file.write(",".join(COLUMNS) + "\n")
            for n in range(self.number):
                charge = dice.randint(4_000, 90_000)
                cents += charge
                at = first + timedelta(seconds=n * YEAR // self.number)
                cells = [
                    *(str(dice.choice(companies)), f"{charge // 100}.{charge % 100:02}", "MXN"),
                    *(dice.choice(CARRIERS), at.isoformat()),
                ]
                file.write(",".join([f"F{n:09}", *cells]) + "\n")
                text.write("\t".join([str(self.bench.tenant_id), f"C{n:09}", *cells]) + "\n")
        return Decimal(cents) / 100

    def _remove(self) -> None:
        ours = f"DELETE FROM {TABLE} WHERE tenant_id = %s AND id > %s"
        with unguarded() as database:
            database.execute(ours, [self.bench.tenant_id, self.last])
        self.bench.database.execute(PUT_BACK)
        empty_copies(self.bench.database, (TABLE,))
        self.bench.database.execute(f"VACUUM (ANALYZE) {TABLE}, clients_company")
