"""The filters of the dashboard: read strictly, written back into links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.errors import InvalidInput
from prospects.board import parameters as read

MAX_STAGE, MAX_PRODUCT, TOP_TIER = 60, 120, 5
NONE = "null"


@dataclass(frozen=True)
class OneOf:
    """Some values of a column, and whether "none" is one of them."""

    values: frozenset[int]
    or_none: bool = False

    def __contains__(self, value: int | None) -> bool:
        return self.or_none if value is None else value in self.values

    def __str__(self) -> str:
        return ",".join([*map(str, sorted(self.values)), *([NONE] if self.or_none else [])])


@dataclass(frozen=True)
class Filters:
    """Which leads are asked for. Both days are included; without days all time is meant."""

    start: date | None = None
    end: date | None = None
    locales: OneOf | None = None
    salesmen: OneOf | None = None
    tiers: OneOf | None = None
    stage: str | None = None
    product: str | None = None

    @property
    def is_interactive(self) -> bool:
        """Whether a filter is set that no snapshot knows."""
        return any((self.salesmen, self.tiers, self.stage, self.product))

    @property
    def previous(self) -> Filters | None:
        """The same for the equally long period that ends the day before; None without days."""
        if self.start is None or self.end is None:
            return None
        days = self.end - self.start + timedelta(days=1)
        return replace(self, start=self.start - days, end=self.end - days)

    def of_days(self, start: date | None, end: date | None) -> Filters:
        """The same for other days."""
        return replace(self, start=start, end=end)

    def as_query(self) -> dict[str, str]:
        """The parameters that mean this."""
        given = {
            "startDate": self.start,
            "endDate": self.end,
            "localeIds": self.locales,
            "salesman": self.salesmen,
            "tier": self.tiers,
            "stage": self.stage,
            "product": self.product,
        }
        return {name: str(value) for name, value in given.items() if value is not None}


def parse_filters(query: Mapping[str, str]) -> Filters:
    """Read the query parameters of the dashboard.

    :raises InvalidInput: a parameter cannot be read; it is named.
    """
    given = {name: value.strip() for name, value in query.items() if value.strip()}
    start, end = _days(given)
    return Filters(
        start=start,
        end=end,
        locales=_ids("localeIds", given),
        salesmen=_ids("salesman", given),
        tiers=_tiers(given),
        stage=_text("stage", given, MAX_STAGE),
        product=_text("product", given, MAX_PRODUCT),
    )


def _days(given: Mapping[str, str]) -> tuple[date | None, date | None]:
    start, end = read.days(("startDate", given.get("startDate")), ("endDate", given.get("endDate")))
    if start and not end:
        raise InvalidInput.of("endDate", "Must be given when startDate is.")
    if end and not start:
        raise InvalidInput.of("startDate", "Must be given when endDate is.")
    if start and end and (end - start).days > (start - date.min).days - 1:
        raise InvalidInput.of("startDate", "The period is too long to have one before it.")
    return start, end


def _ids(name: str, given: Mapping[str, str]) -> OneOf | None:
    if name not in given:
        return None
    values, or_none = read.ids(name, given[name])
    return OneOf(frozenset(values), or_none)


def _tiers(given: Mapping[str, str]) -> OneOf | None:
    """Read tiers from 0 to 5; 0 is a tier, so that only `null` means none."""
    if "tier" not in given:
        return None
    words = {word.strip() for word in given["tier"].split(",") if word.strip()}
    values = {read.whole_number("tier", word) for word in words - {NONE}}
    if not words or max(values, default=0) > TOP_TIER:
        raise InvalidInput.of("tier", f"Must be tiers from 0 to {TOP_TIER}, such as 1,2,3.")
    return OneOf(frozenset(values), NONE in words)


def _text(name: str, given: Mapping[str, str], longest: int) -> str | None:
    if len(given.get(name, "")) > longest:
        raise InvalidInput.of(name, f"At most {longest} characters.")
    return given.get(name)
