import random

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneMetadata, PhoneNumberFormat, PhoneNumberType, ValidationResult

from core.phones import InvalidPhone, to_e164

ANA = "+525512345678"


class TestSpellings:
    @pytest.mark.parametrize(
        "number",
        [
            "5512345678",
            5512345678,
            5512345678.0,
            "5512345678.0",
            "5.512345678E9",
            "5.512345678E+09",
            "(55) 1234-5678",
            "55.1234.5678",
            "55 1234 5678",
            "55/1234/5678",
            "55–1234–5678",
            "55\u00a01234\u00a05678",
            "'5512345678",
            "+52 55 1234 5678",
            "(+52) 55 1234 5678",
            "+52 (0)55 1234 5678",
            "0052 55 1234 5678",
            "525512345678",
            "044 55 1234 5678",
            "045 55 1234 5678",
            "01 55 1234 5678",
            "+52 1 55 1234 5678",
            "5215512345678",
            "tel:+525512345678",
            "Tel. 55 1234 5678",
            "WhatsApp: 55 1234 5678",
            "55 1234 5678 ext. 12",
            "55 1234 5678 x12",
            "55 1234 5678, extensión 1234",
            "\u202a+52 1 55 1234 5678\u202c",
            "５５１２３４５６７８",
            "＋５２５５１２３４５６７８",
            "٥٥ ١٢٣٤ ٥٦٧٨",
            "  5512345678\n",
        ],
    )
    def test_all_mean_the_same_mexican_number(self, number):
        assert to_e164(None, number, "MX") == ("52", "5512345678", ANA)

    @pytest.mark.parametrize("code", [52, 52.0, "52", "+52", "0052", " 52 ", "052"])
    def test_the_calling_code_has_spellings_too(self, code):
        assert to_e164(code, "55 1234 5678", None).e164 == ANA

    @pytest.mark.parametrize("code", [None, "", " ", 0, "0"])
    def test_no_code_means_the_default_region(self, code):
        assert to_e164(code, "55 1234 5678", "mx").e164 == ANA
        assert to_e164(code, "(202) 555-0123", "US").e164 == "+12025550123"

    def test_the_examples_of_the_contract_pass(self):
        assert to_e164(52, 5551234567, None) == ("52", "5551234567", "+525551234567")
        assert to_e164("52", "5559876543", None).e164 == "+525559876543"
        assert to_e164(1, "1 (555) 123-4567", None).e164 == "+15551234567"

    def test_the_code_in_the_number_wins(self):
        assert to_e164(1, "+52 55 1234 5678", "US").e164 == ANA
        assert to_e164("nonsense", "+52 55 1234 5678", None).e164 == ANA
        assert to_e164(52, "0034 912 345 678", "MX") == ("34", "912345678", "+34912345678")

    def test_a_leading_one_is_dropped_only_where_mexico_is_named(self):
        assert to_e164(52, "1 55 1234 5678", None).e164 == ANA
        with pytest.raises(InvalidPhone, match=r"country code with a \+"):
            to_e164(None, "1 305 555 1234", "MX")

    def test_zeros_that_belong_to_the_number_stay(self):
        assert to_e164(39, "06 1234 5678", None) == ("39", "0612345678", "+390612345678")

    def test_other_countries_own_prefixes_are_dropped(self):
        assert to_e164(34, "912 34 56 78", None).e164 == "+34912345678"
        assert to_e164(44, "020 7946 0018", None).e164 == "+442079460018"
        assert to_e164(54, "011 15 2345-6789", None).e164 == "+5491123456789"


class TestRefusals:
    @pytest.mark.parametrize(
        ("number", "reason"),
        [
            ("", "empty"),
            ("   ", "empty"),
            ("123", "too few digits"),
            ("12345678", "area code|too few digits"),
            ("551234567890123", "too many digits"),
            ("0000000000", "unknown country code"),
            ("1111111111", "begins so"),
            ("no tiene", "not a phone"),
            ("ana@x.mx", "not a phone"),
            ("+1 800 FLOWERS", "not a phone"),
            ("55 1234 5678 / 55 8765 4321", "not a phone"),
            ("55\x001234\x005678", "not a phone"),
            ("5.55E9", "rounded"),
            ("5.55123E+09", "rounded"),
            ("+999 5512345678", "unknown country code"),
            ("5" * 41, "longer than 40"),
            pytest.param("5" * 10_000_000, "longer than 40", id="ten million characters"),
            pytest.param(10**5000, "text or a whole number", id="thousands of digits"),
            (-5512345678, "text or a whole number"),
            (5512345678.5, "text or a whole number"),
            (float("nan"), "text or a whole number"),
            (float("inf"), "text or a whole number"),
            (1e300, "text or a whole number"),
            (True, "text or a whole number"),
            (None, "text or a whole number"),
            ([5512345678], "text or a whole number"),
        ],
    )
    def test_say_why(self, number, reason):
        with pytest.raises(InvalidPhone, match=reason):
            to_e164(52, number, None)

    @pytest.mark.parametrize("code", [999, "999", "MX", "5 2", -52, True, [52], "1234", 10**9])
    def test_include_unknown_codes(self, code):
        with pytest.raises(InvalidPhone):
            to_e164(code, "5512345678", "MX")

    def test_include_codes_of_thousands_of_digits(self):
        with pytest.raises(InvalidPhone):
            to_e164(10**5000, "5512345678", "MX")

    @pytest.mark.parametrize("region", [None, "", "XX", "México"])
    def test_include_numbers_of_no_country(self, region):
        with pytest.raises(InvalidPhone, match="needs a country code"):
            to_e164(None, "5512345678", region)

    @given(st.text(max_size=60), st.one_of(st.none(), st.text(max_size=6), st.integers()))
    def test_are_the_only_error(self, number, code):
        try:
            phone = to_e164(code, number, "MX")
        except InvalidPhone:
            return
        assert to_e164(None, phone.e164, None) == phone
        assert phone.e164 == f"+{phone.code}{phone.national}"
        assert len(phone.e164) <= 18


def _by_the_library(number, region):
    """The library's reading, if its length and general form are those of its country."""
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(parsed) != ValidationResult.IS_POSSIBLE:
        return None
    national = phonenumbers.national_significant_number(parsed)
    forms = [
        PhoneMetadata.metadata_for_region_or_calling_code(parsed.country_code, each)
        for each in phonenumbers.COUNTRY_CODE_TO_REGION_CODE[parsed.country_code]
    ]
    patterns = [form.general_desc.national_number_pattern for form in forms]
    if not any(phonenumbers.re_util.fullmatch(_compiled(each), national) for each in patterns):
        return None
    return phonenumbers.format_number(parsed, PhoneNumberFormat.E164)


def _compiled(pattern):
    return phonenumbers.phonenumberutil.re.compile(pattern)


def _by_us(code, number):
    try:
        return to_e164(code, number, None).e164
    except InvalidPhone:
        return None


class TestAgreementWithTheLibrary:
    """The short way through the metadata gives what the library itself gives, in every country."""

    @pytest.mark.parametrize("code", sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE))
    def test_on_random_digits(self, code):
        chance = random.Random(code)
        region = phonenumbers.region_code_for_country_code(code)
        metadata = PhoneMetadata.metadata_for_region_or_calling_code(code, region)
        lengths = {*metadata.general_desc.possible_length, 7, 10, 11}
        for length in sorted(lengths) * 8:
            # Mexico's old prefixes are ours to drop: the library no longer knows them.
            first = chance.choice("23456789" if code == 52 else "0123456789")
            national = first + "".join(chance.choices("0123456789", k=length - 1))
            if national.startswith("00"):
                continue
            international = f"+{code}{national}"
            assert _by_us(None, international) == _by_the_library(international, None)
            if region != "001":
                assert _by_us(code, national) == _by_the_library(national, region), national

    @pytest.mark.parametrize("region", ["MX", "US", "CO", "ES", "BR", "AR", "CL", "PE"])
    def test_on_thousands_of_numbers_of_the_usual_markets(self, region):
        chance = random.Random(region)
        code = phonenumbers.country_code_for_region(region)
        for _ in range(2000):
            length = chance.choice((9, 10, 10, 10, 11))
            first = chance.choice("23456789" if code == 52 else "123456789")
            national = first + "".join(chance.choices("0123456789", k=length - 1))
            assert _by_us(code, national) == _by_the_library(national, region), national

    @pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
    def test_on_its_own_examples(self, region):
        kinds = (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.TOLL_FREE)
        for kind in kinds:
            example = phonenumbers.example_number_for_type(region, kind)
            if example is None:
                continue
            e164 = phonenumbers.format_number(example, PhoneNumberFormat.E164)
            spelled = phonenumbers.format_number(example, PhoneNumberFormat.INTERNATIONAL)
            assert to_e164(None, e164, None).e164 == e164
            assert to_e164(52, spelled, "MX").e164 == e164
