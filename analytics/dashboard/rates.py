"""Amounts in dollars."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from prospects.catalogs.models import Locale

ONE = Decimal(1)


@dataclass(frozen=True)
class Rates:
    """Units of each country's currency for one dollar."""

    by_locale: dict[int, Decimal]
    home: Decimal  # of the tenant's own currency: for cards without a country

    @classmethod
    def of_tenant(cls, currency: str) -> Rates:
        """Read the rates; a currency that no country has counts as the dollar."""
        rows = list(Locale.objects.order_by("pk").values_list("pk", "currency", "rate"))
        by_currency = {name: rate for _, name, rate in reversed(rows)}
        return cls({pk: rate for pk, _, rate in rows}, by_currency.get(currency, ONE))

    def in_dollars(self, amount: Decimal, locale_id: int | None) -> Fraction:
        """What an amount of a country's currency is worth, exactly: nothing is rounded yet."""
        return Fraction(amount) / Fraction(self.by_locale.get(locale_id or 0, self.home))
