import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.search_text import like_pattern, search_needle, search_text

CARD = search_text(
    "Comercializadora GARCÍA-Núñez S.A. de C.V.",
    "José Ángel O’Brien",
    None,
    "",
    "jose.angel_1@correo-mx.com",
    phones=["+525512345678"],
)


class TestSearching:
    @pytest.mark.parametrize(
        "query",
        [
            "garcía",
            "GARCIA",
            "nunez",
            "Núñez",
            "garcía-núñez",
            "s.a. de c.v.",
            "josé  ángel",
            "o'brien",
            "  brien ",
            "jose.angel_1@correo",
            "@CORREO-MX.com",
            "angel_1",
            "5512345678",
            "525512345678",
            "+52 55 1234-5678",
            "(55) 1234",
            "(55) 1234-5678",
            "1234 5678",
            "044 55 1234 5678",
            "01 55 1234 5678",
            "+52 1 55 1234 5678",
            "0052 55 1234 5678",
            "345678",
            "678",
        ],
    )
    def test_finds_the_card(self, query):
        assert search_needle(query) in CARD

    @pytest.mark.parametrize(
        "query", ["gomez", "5512345679", "garcia nunez sa", "%", "_ _", "a_gel"]
    )
    def test_does_not_find_others(self, query):
        needle = search_needle(query)
        assert not needle or needle not in CARD

    @pytest.mark.parametrize("query", ["", "   ", "%", "***", "\0", "\u0301"])
    def test_has_nothing_to_look_for_without_letters_and_digits(self, query):
        assert search_needle(query) == ""

    def test_finds_names_that_look_like_numbers(self):
        for name in (
            "24-7 Fitness",
            "Taxi 55-55-12-34-56",
            "Grupo 2024",
            "7-Eleven",
            "Obra 12/2024/77",
        ):
            for start in range(len(name)):
                for stop in range(start + 1, len(name) + 1):
                    assert search_needle(name[start:stop]) in search_text(name), name[start:stop]

    @given(st.data(), st.lists(st.text(max_size=30), min_size=1, max_size=3))
    def test_finds_every_piece_of_every_part(self, data, parts):
        part = data.draw(st.sampled_from(parts))
        start, stop = sorted(data.draw(st.tuples(*[st.integers(0, len(part))] * 2)))
        assert search_needle(part[start:stop]) in search_text(*parts)

    @given(st.data(), st.text(alphabet="0123456789 +()-./aé", max_size=30))
    def test_finds_every_piece_of_what_is_half_a_number(self, data, part):
        start, stop = sorted(data.draw(st.tuples(*[st.integers(0, len(part))] * 2)))
        assert search_needle(part[start:stop]) in search_text(part)


class TestSearchText:
    def test_is_lower_case_ascii_with_single_spaces(self):
        assert CARD == (
            "comercializadora garcia-nunez s.a. de c.v. jose angel o brien "
            "jose.angel_1@correo-mx.com 525512345678"
        )

    def test_is_empty_for_nothing(self):
        assert search_text(None, "", "  ") == ""

    def test_stores_no_nul(self):
        assert search_text("a\0b", "\ud800") == "a b"

    def test_reads_every_letter_of_unicode_as_a_query_does(self):
        letters = (chr(point) for point in range(sys.maxunicode + 1))
        for letter in filter(str.isalpha, letters):
            folded = search_text(letter)
            assert folded == search_needle(letter) == search_text(letter.casefold())
            assert search_text(folded) == folded


class TestLikePattern:
    def test_matches_anywhere(self):
        assert like_pattern("garcia") == "%garcia%"

    def test_takes_wildcards_literally(self):
        assert like_pattern("50%_a\\") == r"%50\%\_a\\%"
