"""How figures are rounded: exactly, half away from zero, never a division by zero."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction


def rounded(value: Fraction, places: int) -> Decimal:
    """A number with so many decimals."""
    steps = int(abs(value) * 10**places + Fraction(1, 2))
    return Decimal(steps if value >= 0 else -steps).scaleb(-places)


def average(total: Fraction | int, number: int, places: int) -> Decimal | int:
    """The total shared among a number; 0 among none."""
    return rounded(Fraction(total) / number, places) if number else 0


def percentage(part: int, whole: int) -> Decimal | int:
    """A share of a hundred, with one decimal."""
    return average(100 * part, whole, 1)
