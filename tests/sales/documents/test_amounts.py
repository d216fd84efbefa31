"""What lines and documents come to."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.currencies import CURRENCIES, decimals_of
from sales.documents.amounts import document_totals, line_totals, round_half_up

quantities = st.decimals("0.0001", "9999999999", places=4)
prices = st.decimals("0", "999999999999", places=2)
percents = st.decimals("0", "100", places=4)
places = st.sampled_from((0, 2))
lines = st.builds(
    line_totals,
    quantity=quantities,
    unit_price=prices,
    discount_percent=percents,
    tax_rate=percents,
    decimals=st.just(2),
)


def line(quantity, unit_price, *, discount="0", tax="0", decimals=2):
    return line_totals(
        quantity=Decimal(quantity),
        unit_price=Decimal(unit_price),
        discount_percent=Decimal(discount),
        tax_rate=Decimal(tax),
        decimals=decimals,
    )


def half_up(exact: Fraction, decimals: int) -> Fraction:
    """The rule once more, in whole numbers."""
    scale = 10**decimals
    return Fraction((exact * scale * 2 + 1) // 2, scale)


class TestLine:
    def test_of_the_contract_comes_to_what_it_says(self):
        assert line("120", "1500", tax="16") == (180000, 28800, Decimal("208800.00"))

    def test_with_a_discount_is_taxed_on_what_is_left(self):
        assert line("80", "2500", discount="5", tax="16") == (190000, 30400, 220400)

    @pytest.mark.parametrize(
        ("price", "rate", "tax"),
        [("45.30", "5", "2.27"), ("33.45", "10", "3.35"), ("1.24", "10", "0.12")],
    )
    def test_rounds_tax_as_published_examples_do(self, price, rate, tax):
        assert line("1", price, tax=rate).tax == Decimal(tax)

    def test_rounds_the_middle_up_where_bankers_would_not(self):
        assert line("1", "0.25", discount="50").net == Decimal("0.13")
        assert line("0.5", "0.05").net == Decimal("0.03")

    def test_in_a_currency_without_cents_has_none(self):
        assert line("3", "333.50", tax="10", decimals=0) == (1001, 100, 1101)

    def test_for_nothing_comes_to_nothing(self):
        assert line("5", "10", discount="100", tax="16") == (0, 0, 0)

    @given(quantities, prices, percents, percents, places)
    def test_is_rounded_once_for_net_and_once_for_tax(self, quantity, price, off, rate, decimals):
        found = line_totals(
            quantity=quantity,
            unit_price=price,
            discount_percent=off,
            tax_rate=rate,
            decimals=decimals,
        )
        exact = Fraction(quantity) * Fraction(price) * (100 - Fraction(off)) / 100
        net = half_up(exact, decimals)
        assert Fraction(found.net) == net
        assert Fraction(found.tax) == half_up(net * Fraction(rate) / 100, decimals)
        assert Fraction(found.total) == net + Fraction(found.tax)

    @given(quantities, prices, percents, percents)
    def test_is_never_dearer_with_a_discount(self, quantity, price, off, rate):
        with_it = line(quantity, price, discount=off, tax=rate)
        assert 0 <= with_it.total <= line(quantity, price, tax=rate).total


class TestDocument:
    def test_adds_what_was_rounded_as_published_examples_do(self):
        found = document_totals([line("1", "45.30", tax="5"), line("1", "33.45", tax="10")])
        assert found == (Decimal("78.75"), Decimal("5.62"), Decimal("84.37"))
        found = document_totals([line("1", "1.24", tax="10")] * 2)
        assert found == (Decimal("2.48"), Decimal("0.24"), Decimal("2.72"))

    def test_without_lines_comes_to_nothing(self):
        assert document_totals([]) == (0, 0, 0)

    @given(st.lists(lines, max_size=20))
    def test_is_the_sum_of_its_lines_in_any_order(self, some):
        found = document_totals(some)
        assert found == document_totals(reversed(some))
        assert found.total == found.net + found.tax
        assert Fraction(found.total) == sum((Fraction(each.total) for each in some), Fraction(0))


class TestRounding:
    @given(st.decimals("0", "999999999999", places=6), places)
    def test_moves_no_amount_by_more_than_half_a_coin(self, amount, decimals):
        distance = abs(Fraction(round_half_up(amount, decimals)) - Fraction(amount))
        assert distance <= Fraction(1, 2 * 10**decimals)


class TestCurrencies:
    def test_have_two_decimals_or_none(self):
        assert (decimals_of("MXN"), decimals_of("JPY"), decimals_of("CLP")) == (2, 0, 0)
        assert {decimals_of(code) for code in CURRENCIES} == {0, 2}
