"""Phone numbers in E.164."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberFormat, ValidationResult

from core.phone_spelling import InvalidPhone, read_calling_code, read_phone

__all__ = ["InvalidPhone", "PhoneNumber", "to_e164"]

# Until 2019 Mexicans dialled 01, 044 or 045 first, and foreigners a 1 after +52; lists and WhatsApp
# ids still carry them.
_MEXICAN = re.compile(r"(?:52)?(?:044|045|01|1|0)?([2-9]\d{9})", re.ASCII)

_WRONG_LENGTH = {
    ValidationResult.TOO_SHORT: "the phone has too few digits",
    ValidationResult.TOO_LONG: "the phone has too many digits",
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "the phone lacks its area code",
    ValidationResult.INVALID_LENGTH: "the phone has a wrong number of digits",
}


class PhoneNumber(NamedTuple):
    """A phone number: `code` "52", `national` "5512345678", `e164` "+525512345678"."""

    code: str
    national: str
    e164: str


def to_e164(code: object, number: object, default_region: str | None) -> PhoneNumber:
    """The phone number that `number` spells, in the country of `code` or else of `default_region`.

    `code` is a calling code (52, "+52", "0052", None), `default_region` an ISO code ("MX"). If the
    number has its own +52 or 0052, that counts, whatever `code` says. Extensions are dropped, as
    are the prefixes that Mexico no longer uses. Accepted is what has the length and general form
    of its country's numbers (the library's general description), not only the area codes that the
    library knows today: losing a lead whose area code is new costs more than keeping a dead number.

    Raises InvalidPhone.
    """
    is_international, digits = read_phone(number)
    if is_international:
        country, national = _split_calling_code(digits)
    else:
        country, national = _home(code, default_region), digits
    if country.code == "52":
        national = _without_old_prefix(national, is_mexico_said=is_international or bool(code))
    if not country.surely_has(national):
        return _ask_library(country, national, is_international)
    return PhoneNumber(country.code, national, f"+{country.code}{national}")


@dataclass(frozen=True, slots=True)
class _Country:
    """What the library's metadata says of the numbers behind one calling code."""

    code: str
    regions: tuple[str, ...]
    general: re.Pattern[str]
    lengths: frozenset[int]
    dialled_first: re.Pattern[str] | None

    def surely_has(self, national: str) -> bool:
        """True if the library, asked, would take these digits for a number and change none of them.

        It changes digits only after a national or an international prefix or a repeated calling
        code, and the last only where the digits as they stand lack the country's general form.
        """
        return (
            len(national) in self.lengths
            and self.general.fullmatch(national) is not None
            and (self.dialled_first is None or self.dialled_first.match(national) is None)
        )


def _home(code: object, default_region: str | None) -> _Country:
    """The country in which a number without a calling code of its own is dialled."""
    return (_known_home if isinstance(code, str) else _find_home)(code, default_region)


def _find_home(code: object, default_region: str | None) -> _Country:
    calling_code = read_calling_code(code)
    if calling_code is None:
        region = (default_region or "").upper()
        calling_code = str(phonenumbers.country_code_for_region(region))
        if calling_code == "0":
            raise InvalidPhone("the phone needs a country code")
    if int(calling_code) not in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
        raise InvalidPhone("the country code is unknown")
    return _country(int(calling_code))


# A list says the same few codes again and again.
_known_home = lru_cache(maxsize=1000)(_find_home)


def _split_calling_code(digits: str) -> tuple[_Country, str]:
    for length in (1, 2, 3):
        code = int(digits[:length] or 0)
        if code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
            return _country(code), digits[length:]
    raise InvalidPhone("the phone begins with an unknown country code")


def _without_old_prefix(national: str, *, is_mexico_said: bool) -> str:
    # Eleven digits from a 1 are as often a number of the United States, unless Mexico is named.
    if len(national) == 11 and national[0] == "1" and not is_mexico_said:
        raise InvalidPhone("the phone has too many digits: write its country code with a +")
    match = _MEXICAN.fullmatch(national)
    return match[1] if match else national


@cache
def _country(code: int) -> _Country:
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE[code]
    metadata = PhoneMetadata.metadata_for_region_or_calling_code(code, regions[0])
    if metadata is None or metadata.general_desc is None:
        raise InvalidPhone("the country code is unknown")
    prefixes = (metadata.international_prefix, metadata.national_prefix_for_parsing)
    alternatives = "|".join(f"(?:{prefix})" for prefix in prefixes if prefix)
    return _Country(
        code=str(code),
        regions=regions,
        general=_general_form(metadata),
        lengths=frozenset(metadata.general_desc.possible_length),
        dialled_first=re.compile(alternatives, re.ASCII) if alternatives else None,
    )


def _general_form(metadata: PhoneMetadata) -> re.Pattern[str]:
    described = metadata.general_desc
    return re.compile((described and described.national_number_pattern) or r"(?!)", re.ASCII)


def _ask_library(country: _Country, national: str, is_international: bool) -> PhoneNumber:
    try:
        if is_international or country.regions[0] == "001":
            parsed = phonenumbers.parse(f"+{country.code}{national}")
        else:
            parsed = phonenumbers.parse(national, country.regions[0])
    except phonenumbers.NumberParseException as error:
        raise InvalidPhone("this is not a phone number") from error
    length = phonenumbers.is_possible_number_with_reason(parsed)
    if length != ValidationResult.IS_POSSIBLE:
        raise InvalidPhone(_WRONG_LENGTH.get(length, "this is not a phone number"))
    return _as_phone_number(parsed)


def _as_phone_number(parsed: phonenumbers.PhoneNumber) -> PhoneNumber:
    code = parsed.country_code or 0
    national = phonenumbers.national_significant_number(parsed)
    metadata = (
        PhoneMetadata.metadata_for_region_or_calling_code(code, region)
        for region in phonenumbers.COUNTRY_CODE_TO_REGION_CODE[code]
    )
    if not any(_general_form(each).fullmatch(national) for each in metadata if each):
        raise InvalidPhone("no phone number of that country begins so")
    e164 = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    return PhoneNumber(str(code), national, e164)
