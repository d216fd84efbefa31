"""Texts and counts as files and batches hold them. Times and amounts have modules of their own."""

import re
from decimal import Decimal

LARGEST_COUNT = 2_147_483_647
_LONGEST_NUMBER = 40

_HALF_CHARACTER = re.compile(r"[\ud800-\udfff]")
_COUNT = re.compile(r"(\d[\d.,]*)\s*(?:\+|(?:-|–|—|a\s|to\s)\s*(\d[\d.,]*))?", re.ASCII | re.I)
_PLAIN_COUNT = re.compile(r"(\d+)(?:[.,]0{1,2})?", re.ASCII)
_COUNT_IN_THOUSANDS = re.compile(r"\d{1,3}([.,])\d{3}(?:\1\d{3})*", re.ASCII)


class InvalidValue(ValueError):
    """This value cannot be used; the message goes on where the field's name stops: "must be …"."""


def clean_text(value: object, max_length: int) -> str:
    """The text without the blanks around it; "" for None. A number is taken as its text.

    Raises InvalidValue for another type, a NUL, half a character, too long a text.
    """
    if value is None:
        return ""
    text = (value if isinstance(value, str) else _text_of_number(value)).strip()
    if len(text) > max_length:
        raise InvalidValue(f"cannot be longer than {max_length} characters")
    if "\0" in text:
        raise InvalidValue("cannot contain a NUL character")
    if not text.isascii() and _HALF_CHARACTER.search(text):
        raise InvalidValue("contains half a character")
    return text


def parse_count(value: object) -> int:
    """A whole number from 0 to 2,147,483,647. Of a band ("100-500", "5000+") the lower bound.

    Raises InvalidValue.
    """
    text = value if isinstance(value, str) else _text_of_number(value)
    band = _COUNT.fullmatch(text.strip()) if len(text) <= _LONGEST_NUMBER else None
    if not band:
        raise InvalidValue("must be a whole number, zero or more")
    lowest = _count_of(band[1])
    if band[2] and _count_of(band[2]) < lowest:
        raise InvalidValue("is a band whose end comes before its start")
    return lowest


def _count_of(text: str) -> int:
    plain = _PLAIN_COUNT.fullmatch(text)
    if plain:
        number = int(plain[1])
    elif _COUNT_IN_THOUSANDS.fullmatch(text):
        number = int(text.replace(",", "").replace(".", ""))
    else:
        raise InvalidValue("must be a whole number, zero or more")
    if number > LARGEST_COUNT:
        raise InvalidValue(f"cannot be above {LARGEST_COUNT}")
    return number


def _text_of_number(value: object) -> str:
    """The number in full. Size is checked first: Python refuses to print thousands of digits."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        exact = Decimal(value)
        if exact.is_finite() and abs(exact.adjusted()) < _LONGEST_NUMBER:
            return f"{exact:f}"
    raise InvalidValue("must be a text or a number of ordinary size")
