"""What the clients of the measured tenant did: a recharge, a tier, and very many shipments."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from benchmarks.copying import copy_rows
from benchmarks.database import connect, value_of
from benchmarks.people import find_tenant
from core.embedded.errors import EmbeddedError

CHUNK = 100_000  # shipments held in memory
CARRIERS = ("DHL", "FedEx", "Estafeta", "99minutos", "Paquetexpress")
TABLES = "clients_shipment, clients_accountpayment, clients_monthlytier, clients_company"
# The seed gave companies these dates and tiers; now the rows that they follow from.
RECHARGES = """
    INSERT INTO clients_accountpayment
        (tenant_id, company_id, external_id, currency, amount, method, paid_at)
    SELECT tenant_id, id, '', 'MXN', 500 + id %% 9000, 'transfer', first_recharge_at
    FROM clients_company WHERE tenant_id = %s AND first_recharge_at IS NOT NULL
"""
TIERS = """
    INSERT INTO clients_monthlytier (tenant_id, company_id, month, tier)
    SELECT tenant_id, id, date_trunc('month', now())::date, tier
    FROM clients_company WHERE tenant_id = %s AND tier IS NOT NULL
"""
SHIPPERS = """
    SELECT id, first_shipment_at FROM clients_company
    WHERE tenant_id = %s AND first_shipment_at IS NOT NULL ORDER BY id
"""


def seed_operations(*, shipments: int, seed: int) -> None:
    """Write the rows through the product's own triggers, company by company.

    :raises EmbeddedError: there is no tenant yet, or it has shipments already.
    """
    tenant = find_tenant()
    if tenant is None:
        raise EmbeddedError("there is no tenant: python -m benchmarks seed")
    with connect() as database:
        mine = "SELECT EXISTS (SELECT FROM clients_shipment WHERE tenant_id = %s)"
        if value_of(database, mine, [tenant.pk]):
            raise EmbeddedError("the tenant has shipments already")
        began = time.perf_counter()
        for statement in (RECHARGES, TIERS):
            database.execute(statement, [tenant.pk])
        shippers = database.execute(SHIPPERS, [tenant.pk]).fetchall()
        _copy(database, tenant.pk, Shipper(shippers, shipments, seed))
        database.execute(f"VACUUM (ANALYZE) {TABLES}")
        print(f"{shipments:,} shipments: {time.perf_counter() - began:,.1f} s", flush=True)


def _copy(database: Any, tenant_id: int, shipper: Shipper) -> None:
    rows: list[dict[str, Any]] = []
    done = 0
    for row in shipper:
        rows.append({"tenant_id": tenant_id, **row})
        if len(rows) == CHUNK:
            done += _write(database, rows)
            print(f"\r{done:>12,} shipments", end="", flush=True)
            rows = []
    if rows:
        _write(database, rows)
    print("\r\033[K", end="")


def _write(database: Any, rows: list[dict[str, Any]]) -> int:
    with database.transaction(), database.cursor() as cursor:
        copy_rows(cursor, "clients_shipment", rows)
    return len(rows)


class Shipper:
    """Makes shipments, the same for the same seed: a company's first is on the day it says."""

    def __init__(self, shippers: list[tuple[int, datetime]], total: int, seed: int) -> None:
        self.shippers, self.dice = shippers, random.Random(seed)
        self.each, self.rest = divmod(total, len(shippers))
        self.at = timezone.now()

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for number, (company_id, first_at) in enumerate(self.shippers):
            count = self.each + (number < self.rest)
            seconds = max((self.at - first_at).total_seconds(), 1)
            for shipment in range(count):
                later = timedelta(seconds=self.dice.random() * seconds if shipment else 0)
                yield {
                    "company_id": company_id,
                    "external_id": "",
                    "currency": "MXN",
                    "charge": self.dice.randint(60, 400),
                    "carrier": self.dice.choice(CARRIERS),
                    "shipped_at": first_at + later,
                }
