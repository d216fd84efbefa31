"""What the lines of a document come to: plain arithmetic, to the cent.

Every line is rounded by itself, half up, and the document adds up what was rounded: whoever adds
the lines by hand gets the same totals.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from typing import NamedTuple

# Enough for every product of the longest numbers that a line holds, so that only round_half_up
# rounds.
_EXACT = Context(prec=100)
_HUNDRED = Decimal(100)


class Totals(NamedTuple):
    """What a line or a document comes to: before tax, the tax, and both."""

    net: Decimal
    tax: Decimal
    total: Decimal


def round_half_up(amount: Decimal, decimals: int) -> Decimal:
    """Return an amount with so many decimals; what lies in the middle goes up."""
    with localcontext(_EXACT):
        return amount.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def line_totals(
    *,
    quantity: Decimal,
    unit_price: Decimal,
    discount_percent: Decimal = Decimal(0),
    tax_rate: Decimal = Decimal(0),
    decimals: int = 2,
) -> Totals:
    """Return what a line comes to.

    :param discount_percent: 0 to 100; taken off before tax.
    :param tax_rate: in percent.
    :param decimals: of the currency (core.currencies.decimals_of).
    """
    with localcontext(_EXACT):
        net = quantity * unit_price * (_HUNDRED - discount_percent) / _HUNDRED
        net = round_half_up(net, decimals)
        tax = round_half_up(net * tax_rate / _HUNDRED, decimals)
        return Totals(net, tax, net + tax)


def document_totals(lines: Iterable[Totals]) -> Totals:
    """Return what the lines of a document come to together."""
    net = tax = Decimal(0)
    with localcontext(_EXACT):
        for line in lines:
            net, tax = net + line.net, tax + line.tax
        return Totals(net, tax, net + tax)
