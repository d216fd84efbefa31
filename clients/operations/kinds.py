"""The kinds of files that the logistics platform gives: their columns, read into values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

from core.amounts import parse_money
from core.currencies import parse_currency
from core.moments import FIRST_YEAR, LAST_YEAR, parse_when
from core.values import InvalidValue, clean_text

COMPANY, TAX_ID = "company_id", "company_tax_id"
_MOST = Decimal(10) ** 10
_WORD = 60
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)
_TIER = re.compile(r"[0-5]", re.ASCII)
_ID = re.compile(r"\d{1,18}", re.ASCII)

Read = Callable[[str, tzinfo], Any]


class Reading(NamedTuple):
    """A row that can be read: which company it names, and its values in the kind's order."""

    company: int | str  # the id, or the tax id as text
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Kind:
    """One kind of file and the table that its rows go to.

    `columns` are read from the columns of the same name; `identity` tells which of them say that
    two rows are the same thing, `conflict` says it to the database.
    """

    table: str
    columns: Mapping[str, Read]
    optional: frozenset[str]
    conflict: str
    is_identified_by_company: bool = False

    def read(self, cells: Mapping[str, str], zone: tzinfo) -> Reading:
        """Return the values of a row. Raises InvalidValue that names the column."""
        company = _read_company(cells)
        values = [
            _read_cell(name, read, cells.get(name, ""), zone) for name, read in self.columns.items()
        ]
        return Reading(company, tuple(values))

    def missing(self, columns: list[str]) -> list[str]:
        """Return the columns that a file with these lacks."""
        missing = [name for name in self.columns if name not in {*columns, *self.optional}]
        has_company = COMPANY in columns or TAX_ID in columns
        return missing if has_company else [f"{COMPANY} (or {TAX_ID})", *missing]


def _read_company(cells: Mapping[str, str]) -> int | str:
    number, tax_id = cells.get(COMPANY, "").strip(), cells.get(TAX_ID, "").strip().upper()
    if number:
        if not _ID.fullmatch(number):
            raise InvalidValue(f"{COMPANY}: must be a whole number")
        return int(number)
    if not tax_id:
        raise InvalidValue(f"{COMPANY}: is missing")
    return tax_id


def _read_cell(name: str, read: Read, cell: str, zone: tzinfo) -> Any:
    try:
        return read(cell, zone)
    except InvalidValue as error:
        raise InvalidValue(f"{name}: {error}") from error


def _external_id(text: str, zone: tzinfo) -> str:
    """Without one a second run could not tell that the row is in already."""
    return clean_text(_required(text), 100)


def _amount(text: str, zone: tzinfo, *, least: Decimal) -> Decimal:
    amount = parse_money(_required(text))
    if not least <= amount < _MOST:
        limit = "above zero" if amount < least else "below 10,000,000,000"
        raise InvalidValue(f"must be {limit}")
    return amount


def _currency(text: str, zone: tzinfo) -> str:
    return parse_currency(_required(text))


def _word(text: str, zone: tzinfo) -> str:
    return clean_text(text, _WORD)


def _moment(text: str, zone: tzinfo) -> datetime:
    return parse_when(_required(text), zone)


def _month(text: str, zone: tzinfo) -> date:
    match = _MONTH.fullmatch(_required(text))
    if not match or not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
        raise InvalidValue("must be a month such as 2026-03")
    return date(int(match[1]), int(match[2]), 1)


def _tier(text: str, zone: tzinfo) -> int:
    if not _TIER.fullmatch(_required(text)):
        raise InvalidValue("must be a tier from 0 to 5")
    return int(text)


def _required(text: str) -> str:
    if not (found := text.strip()):
        raise InvalidValue("is missing")
    return found


_BY_EXTERNAL_ID = "(tenant_id, external_id) WHERE external_id > ''"
KINDS = {
    "recharges": Kind(
        table="clients_accountpayment",
        columns={
            "external_id": _external_id,
            "amount": partial(_amount, least=Decimal("0.01")),
            "currency": _currency,
            "method": _word,
            "paid_at": _moment,
        },
        optional=frozenset(["method"]),
        conflict=_BY_EXTERNAL_ID,
    ),
    "shipments": Kind(
        table="clients_shipment",
        columns={
            "external_id": _external_id,
            "charge": partial(_amount, least=Decimal(0)),
            "currency": _currency,
            "carrier": _word,
            "shipped_at": _moment,
        },
        optional=frozenset(["carrier"]),
        conflict=_BY_EXTERNAL_ID,
    ),
    "tiers": Kind(
        table="clients_monthlytier",
        columns={"month": _month, "tier": _tier},
        optional=frozenset(),
        conflict="(company_id, month)",
        is_identified_by_company=True,
    ),
}
