"""A file of recharges, shipments or monthly tiers, written chunk by chunk.

A chunk is one transaction: its rows go to a staging table by COPY and from there to their own by
one statement, whose triggers bring the companies' accounts up to date. A row that is there already
is left as it is, so that a run that was killed is simply run again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import tzinfo
from itertools import islice
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q

from clients.companies.models import Company
from clients.operations.kinds import COMPANY, TAX_ID, Kind, Reading
from core.retrying import in_transaction
from core.tenancy import current_tenant
from core.values import InvalidValue
from prospects.imports.files import Row
from prospects.imports.turns import take_turn
from prospects.pipeline.models import Prospect
from prospects.pipeline.moves import become_type_client

CHUNK = 50_000  # rows held in memory, some 60 MB; fewer would update each account more often

_STAGING = """
    CREATE TEMPORARY TABLE IF NOT EXISTS staged_{table} ON COMMIT DELETE ROWS AS
    SELECT company_id, {columns} FROM {table} WITH NO DATA
"""
_COPY = "COPY staged_{table} (company_id, {columns}) FROM STDIN"
_APPLY = """
    WITH written AS (
        INSERT INTO {table} AS kept (tenant_id, company_id, {columns})
        SELECT %(tenant_id)s, company_id, {columns} FROM staged_{table}
        ON CONFLICT {conflict} DO UPDATE SET company_id = EXCLUDED.company_id, {changes}
        WHERE (kept.company_id, {kept}) IS DISTINCT FROM (EXCLUDED.company_id, {excluded})
        RETURNING xmax = 0 AS is_new
    )
    SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM written
"""

Refusal = tuple[Row, str]  # and why it was refused


@dataclass(slots=True)
class Counts:
    """What became of the rows of a file. Unchanged are those that were there already."""

    read: int = 0
    created: int = 0
    updated: int = 0
    refused: int = 0

    @property
    def unchanged(self) -> int:
        return self.read - self.created - self.updated - self.refused


@dataclass(slots=True)
class _Account:
    """What a row must know of its company."""

    company_id: int
    currency: str  # that the account is kept in; blank while it is free
    card: int | None  # of one who is no client yet


class _Applied(NamedTuple):
    created: int
    updated: int
    refusals: list[Refusal]


def import_operations(
    *,
    kind: Kind,
    rows: Iterable[Row],
    zone: tzinfo,
    counts: Counts,
    on_refused: Callable[[Row, str], None],
    on_progress: Callable[[int], None],
) -> None:
    """Write the rows of a file, chunk by chunk, and count them in `counts`.

    Refused rows are told when the chunk that they stood in is written.

    :param zone: of times without an offset.
    :raises TableError: the file turns out to be damaged; the chunks before that are written.
    """
    rows = iter(rows)
    while chunk := list(islice(rows, CHUNK)):
        for row, reason in _import_chunk(kind, chunk, zone, counts):
            on_refused(row, reason)
        chunk.clear()  # before the next one is read
        on_progress(counts.read)


def _import_chunk(kind: Kind, chunk: list[Row], zone: tzinfo, counts: Counts) -> list[Refusal]:
    """Write a chunk and count its rows; return those that were refused, in their order."""
    readable, refusals = _read(kind, chunk, zone)
    applied = in_transaction(lambda: _apply(kind, readable))
    refusals += applied.refusals
    counts.read += len(chunk)
    counts.created += applied.created
    counts.updated += applied.updated
    counts.refused += len(refusals)
    return sorted(refusals, key=lambda each: each[0].number)


def _read(
    kind: Kind, chunk: list[Row], zone: tzinfo
) -> tuple[list[tuple[Row, Reading]], list[Refusal]]:
    readable, refusals = [], []
    for row in chunk:
        try:
            if row.error:
                raise InvalidValue(row.error)
            readable.append((row, kind.read(row.values, zone)))
        except InvalidValue as error:
            refusals.append((row, str(error)))
    return readable, refusals


def _apply(kind: Kind, readable: list[tuple[Row, Reading]]) -> _Applied:
    """Write one chunk inside the transaction that is open. Of equal rows the last one counts."""
    take_turn()
    accounts = _find_accounts({reading.company for _, reading in readable})
    refusals: list[Refusal] = []
    latest: dict[Any, tuple[Any, ...]] = {}
    newcomers = set()
    for row, reading in readable:
        try:
            account = _account_of(reading, accounts)
            _settle_currency(kind, account, reading)
        except InvalidValue as error:
            refusals.append((row, str(error)))
            continue
        if account.card:
            newcomers.add(account.card)
        first = reading.values[0]
        key = (account.company_id, first) if kind.is_identified_by_company else first
        latest[key] = (account.company_id, *reading.values)
    if not kind.is_identified_by_company:
        become_type_client(prospect_ids=newcomers)  # cards are locked before companies
    return _Applied(*_write(kind, latest.values()), refusals)


def _find_accounts(companies: set[int | str]) -> dict[int | str, list[_Account]]:
    """Return the live companies by their id, and by their tax id: that may be several's."""
    ids = [each for each in companies if isinstance(each, int)]
    tax_ids = [each for each in companies if isinstance(each, str)]
    named = Company.objects.filter(Q(pk__in=ids) | Q(tax_id__in=tax_ids))
    found: dict[int | str, list[_Account]] = {}
    for pk, tax_id, currency, card, type_, locale in named.values_list(
        *("pk", "tax_id", "balance_currency", "prospect_id", "prospect__type"),
        "prospect__locale__currency",
    ):
        is_prospect = type_ == Prospect.Type.PROSPECT
        account = _Account(pk, currency or locale or "", card if is_prospect else None)
        found[pk] = [account]
        if tax_id:
            found.setdefault(tax_id, []).append(account)
    return found


def _account_of(reading: Reading, accounts: dict[int | str, list[_Account]]) -> _Account:
    found = accounts.get(reading.company, [])
    if len(found) == 1:
        return found[0]
    name = COMPANY if isinstance(reading.company, int) else TAX_ID
    if not found:
        raise InvalidValue(f"{name}: there is no such company")
    raise InvalidValue(f"{name}: several companies have it; give {COMPANY}")


def _settle_currency(kind: Kind, account: _Account, reading: Reading) -> None:
    """Refuse another currency than the account's; the first row of a free account decides it."""
    if "currency" not in kind.columns:
        return
    currency = reading.values[2]
    if account.currency and currency != account.currency:
        raise InvalidValue(f"currency: this company's account is kept in {account.currency}")
    account.currency = currency


def _write(kind: Kind, rows: Iterable[tuple[Any, ...]]) -> tuple[int, int]:
    """Return how many rows were created and updated."""
    names = list(kind.columns)
    words = {
        "table": kind.table,
        "conflict": kind.conflict,
        "columns": ", ".join(names),
        "changes": ", ".join(f"{name} = EXCLUDED.{name}" for name in names),
        "kept": ", ".join(f"kept.{name}" for name in names),
        "excluded": ", ".join(f"EXCLUDED.{name}" for name in names),
    }
    with connection.cursor() as cursor:
        cursor.execute(_STAGING.format(**words))
        cursor.execute(f"TRUNCATE staged_{kind.table}")
        with cursor.copy(_COPY.format(**words)) as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(_APPLY.format(**words), {"tenant_id": current_tenant()})
        created, updated = cursor.fetchone()
    return created, updated
