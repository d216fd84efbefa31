from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.amounts import parse_money
from core.values import InvalidValue


class TestParseMoney:
    @pytest.mark.parametrize(
        ("value", "amount"),
        [
            (0, "0.00"),
            (1500, "1500.00"),
            (Decimal("1234.5"), "1234.50"),
            ("1234.5", "1234.50"),
            ("$1,234.50", "1234.50"),
            ("1.234,50", "1234.50"),
            ("1 234,50 MXN", "1234.50"),
            ("1\u00a0234,50 €", "1234.50"),
            ("1'234.50", "1234.50"),
            ("MXN 1,234.50", "1234.50"),
            ("US$1,234.50", "1234.50"),
            ("$ 1,234.50 M.N.", "1234.50"),
            ("1,234", "1234.00"),
            ("1,234,567", "1234567.00"),
            ("1.234.567", "1234567.00"),
            ("1.234.567,89", "1234567.89"),
            ("1,234,567.89", "1234567.89"),
            ("1234,5", "1234.50"),
            ("12.345", "12.35"),
            (".5", "0.50"),
            ("5.", "5.00"),
            ("0.005", "0.01"),
            ("0.0049", "0.00"),
            ("1.5E3", "1500.00"),
            ("999999999999.99", "999999999999.99"),
            (Decimal("1E-400"), "0.00"),
        ],
    )
    def test_reads_what_people_write(self, value, amount):
        assert str(parse_money(value)) == amount

    @pytest.mark.parametrize(
        ("value", "reason"),
        [
            ("", "must be an amount"),
            ("gratis", "must be an amount"),
            ("$", "must be an amount"),
            (".", "must be an amount"),
            ("1,23,456", "must be an amount"),
            ("1.2.3", "must be an amount"),
            ("1,234.567,89", "must be an amount"),
            ("١٢", "must be an amount"),
            ("NaN", "must be an amount"),
            ("Infinity", "must be an amount"),
            ("sNaN", "must be an amount"),
            (Decimal("NaN"), "must be an amount"),
            (Decimal("sNaN"), "must be an amount"),
            (Decimal("-Infinity"), "must be an amount"),
            (1.5, "must be an amount"),
            (True, "must be an amount"),
            (None, "must be an amount"),
            ([1], "must be an amount"),
            ("-5", "below zero"),
            ("- $5.00", "below zero"),
            ("(5.00)", "below zero"),
            (-5, "below zero"),
            ("1e400", "12 digits"),
            ("1e9999", "12 digits"),
            (Decimal("1e400"), "12 digits"),
            (Decimal("1e999999"), "12 digits"),
            ("1000000000000", "12 digits"),
            ("999999999999.995", "12 digits"),
            ("9" * 41, "too long"),
        ],
        ids=repr,
    )
    def test_says_why_it_refuses(self, value, reason):
        with pytest.raises(InvalidValue, match=reason):
            parse_money(value)

    def test_refuses_thousands_of_digits(self):
        with pytest.raises(InvalidValue, match="12 digits"):
            parse_money(10**5000)

    @given(st.decimals(0, Decimal("999999999999.99"), places=2))
    def test_reads_both_conventions_exactly(self, amount):
        mexican = f"${amount:,.2f}"
        spanish = f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))
        assert parse_money(mexican) == parse_money(spanish) == parse_money(amount) == amount

    @given(st.text(alphabet="0123456789.,$ eE-+NaIif", max_size=45))
    def test_has_no_other_error(self, text):
        try:
            amount = parse_money(text)
        except InvalidValue:
            return
        assert 0 <= amount < 10**12
        assert amount.as_tuple().exponent == -2
