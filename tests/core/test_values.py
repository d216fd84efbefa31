import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.values import LARGEST_COUNT, InvalidValue, clean_text, parse_count


class TestCleanText:
    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (None, ""),
            ("", ""),
            ("  García  e Hijos \n", "García  e Hijos"),
            ("dos\nlíneas", "dos\nlíneas"),
            ("\u00a0Ana\u00a0", "Ana"),
            (7, "7"),
            (Decimal("1E+3"), "1000"),
            (Decimal("1.50"), "1.50"),
        ],
    )
    def test_trims_and_keeps_the_inside(self, value, text):
        assert clean_text(value, 50) == text

    def test_counts_characters_after_trimming(self):
        assert clean_text("  ñandú  ", 5) == "ñandú"
        with pytest.raises(InvalidValue, match="longer than 4 characters"):
            clean_text("ñandú", 4)

    @pytest.mark.parametrize(
        "value",
        [
            "a\0b",
            "\0",
            "\ud800",
            True,
            1.5,
            [],
            {},
            b"a",
            10**5000,
            Decimal("NaN"),
            Decimal("1E+999999"),
        ],
        ids=range(11),
    )
    def test_refuses_what_cannot_be_stored_as_text(self, value):
        with pytest.raises(InvalidValue):
            clean_text(value, 50)


class TestParseCount:
    @pytest.mark.parametrize(
        ("value", "count"),
        [
            (0, 0),
            (150, 150),
            ("150", 150),
            (" 150 ", 150),
            ("150.0", 150),
            ("150.00", 150),
            (Decimal("150.0"), 150),
            ("1,500", 1500),
            ("1.500", 1500),
            ("1,000,000", 1_000_000),
            ("0", 0),
            ("1-50", 1),
            ("100-500", 100),
            ("100 - 500", 100),
            ("100 – 500", 100),
            ("100 a 500", 100),
            ("1,000-5,000", 1000),
            ("5000+", 5000),
            ("5,000 +", 5000),
            (LARGEST_COUNT, LARGEST_COUNT),
        ],
    )
    def test_reads_numbers_and_bands(self, value, count):
        assert parse_count(value) == count

    @pytest.mark.parametrize(
        "value",
        [
            "",
            "muchos",
            "-5",
            -5,
            "1.5",
            "1,50,000",
            Decimal("1.5"),
            1.5,
            True,
            None,
            [],
            "500-100",
            "100-",
            "1e5",
            "٥",
            str(LARGEST_COUNT + 1),
            LARGEST_COUNT + 1,
            10**5000,
            "9" * 10_000_000,
            Decimal("Infinity"),
        ],
        ids=range(20),
    )
    def test_refuses_the_rest(self, value):
        with pytest.raises(InvalidValue):
            parse_count(value)

    @given(st.integers(0, LARGEST_COUNT))
    def test_reads_a_number_however_it_is_grouped(self, number):
        assert (
            parse_count(number) == parse_count(str(number)) == parse_count(f"{number:,}") == number
        )

    @given(st.text(max_size=50))
    def test_has_no_other_error(self, text):
        with contextlib.suppress(InvalidValue):
            assert 0 <= parse_count(text) <= LARGEST_COUNT
