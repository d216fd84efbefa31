"""Amounts of money as people and spreadsheets write them."""

import re
from decimal import ROUND_HALF_UP, Decimal

from core.values import InvalidValue

_LONGEST = 40
_LIMIT = Decimal(10) ** 12
_CENT = Decimal("0.01")

# As programs write it: exact as it stands, which a file of a million rows is glad of.
_PLAIN = re.compile(r"\d{1,12}\.\d\d", re.ASCII)
_SPACES = re.compile(r"[\s'’]+")
_AMOUNT = re.compile(
    r"[a-z]{0,3}[$€£]?([\d.,]+)(?:[a-z]{2,3}|m\.n\.|pesos|[$€£])?", re.ASCII | re.I
)
_GROUPED = re.compile(r"\d{1,3}([.,])\d{3}(?:\1\d{3})*", re.ASCII)
_WHOLE = re.compile(r"\d+", re.ASCII)
_DECIMALS = re.compile(r"\d*", re.ASCII)
_SCIENTIFIC = re.compile(r"\d+(?:\.\d+)?e[+-]?\d{1,4}", re.ASCII | re.I)


def parse_money(value: object) -> Decimal:
    """The amount in two decimals, half up, from "$1,234.50", "1.234,50", "1 234,50 MXN", 1234.5.

    A point alone is the decimal point, a comma alone before exactly three digits parts thousands:
    so it is in Mexico. Never through a binary float, so a float is refused.
    Raises InvalidValue for anything else, below zero, or with more than 12 digits before the point.
    """
    if isinstance(value, str):
        if _PLAIN.fullmatch(value):
            return Decimal(value)
        amount = _amount_of_text(value)
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        amount = Decimal(value)
    else:
        raise InvalidValue("must be an amount")
    if not amount.is_finite():
        raise InvalidValue("must be an amount")
    if amount < 0:
        raise InvalidValue("cannot be below zero")
    # Before rounding as well: quantize() fails on numbers that do not fit its 28 digits.
    if amount < _LIMIT:
        amount = amount.quantize(_CENT, ROUND_HALF_UP)
    if amount >= _LIMIT:
        raise InvalidValue("is too large: at most 12 digits before the decimal point")
    return amount


def _amount_of_text(text: str) -> Decimal:
    if len(text) > _LONGEST:
        raise InvalidValue("is too long for an amount")
    compact = _SPACES.sub("", text)
    if compact.startswith(("-", "(")) or compact.endswith("-"):
        raise InvalidValue("cannot be below zero")
    if _SCIENTIFIC.fullmatch(compact):
        return Decimal(compact)
    match = _AMOUNT.fullmatch(compact)
    if not match:
        raise InvalidValue("must be an amount")
    return _without_separators(match[1])


def _without_separators(number: str) -> Decimal:
    grouped = _GROUPED.fullmatch(number)
    if grouped and (grouped[1] == "," or number.count(".") > 1):
        return Decimal(number.replace(grouped[1], ""))
    mark = max(".", ",", key=number.rfind)
    whole, _, decimals = number.rpartition(mark) if mark in number else (number, "", "")
    if (grouped := _GROUPED.fullmatch(whole)) and grouped[1] != mark:
        whole = whole.replace(grouped[1], "")
    if not _DECIMALS.fullmatch(whole + decimals) or not whole + decimals:
        raise InvalidValue("must be an amount")
    return Decimal(f"{whole or 0}.{decimals or 0}")
