"""The digits of a phone number, however a person or a spreadsheet wrote them."""

import re
import unicodedata
from decimal import Decimal

LONGEST = 40
_ROUNDED_BELOW = 8

# A label ("Tel."), a plus, the digits with their punctuation, an extension.
_SHAPE = re.compile(
    r"'?(?:[a-z]{2,10}[.:]*\s*)?\(?(\+?)([\d\s().\-/]+?)"
    r"(?:[\s,;]*(?:extensi[oó]n|ext|x|#|int|anexo)[\s.:=]*\d{1,7})?",
    re.IGNORECASE | re.ASCII,
)
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d{1,2}", re.IGNORECASE | re.ASCII)
_WHOLE_FLOAT = re.compile(r"(\d+)\.0+", re.ASCII)
_CALLING_CODE = re.compile(r"\s*(?:\+|00)?0?(\d{1,3})(?:\.0+)?\s*", re.ASCII)
_PUNCTUATION = str.maketrans("", "", " \t\n\r\f\v().-/")


class InvalidPhone(ValueError):
    """This cannot be a phone number; the message says why."""


def read_phone(number: object) -> tuple[bool, str]:
    """Whether `number` carries its country's calling code, and its digits.

    Raises InvalidPhone for what is not one phone number.
    """
    text = _text_of(number)
    if text.isascii() and text.isdigit():
        is_international, digits = False, text
    else:
        is_international, digits = _read_spelling(text)
    # Where 00 is not the way abroad, numbers that begin so cannot be called from outside.
    if digits.startswith("00"):
        return True, digits[2:]
    return is_international, digits


def read_calling_code(code: object) -> str | None:
    """The digits of a country calling code ("52" for 52, "+52", "0052"), None if there is none.

    Raises InvalidPhone for what is not one to three digits.
    """
    text = code if isinstance(code, str) else _text_of_number(code) if code is not None else ""
    if not text or not text.strip(" 0+"):
        return None
    match = _CALLING_CODE.fullmatch(text)
    if not match:
        raise InvalidPhone("the country code is not one to three digits")
    return match[1]


def _text_of(number: object) -> str:
    text = number if isinstance(number, str) else _text_of_number(number)
    if len(text) > LONGEST:
        raise InvalidPhone(f"a phone cannot be longer than {LONGEST} characters")
    text = text.strip()
    return text if text.isascii() else "".join(map(_plain_character, text))


def _text_of_number(number: object) -> str:
    """The digits of a whole number. Spreadsheets and JSON give 5551234567.0 for one, too."""
    if isinstance(number, int | float | Decimal) and not isinstance(number, bool):
        # Size first: Python refuses to print an integer of thousands of digits.
        exact = Decimal(number)
        if exact.is_finite() and 0 <= exact < Decimal(10) ** LONGEST and exact == int(exact):
            return str(int(exact))
    raise InvalidPhone("a phone must be a text or a whole number")


def _plain_character(character: str) -> str:
    """Digits of other scripts, typographic dashes and spaces, and invisible marks, made plain."""
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    if category in ("Zs", "Pd"):
        return " "
    return "+" if character == "\uff0b" else character


def _read_spelling(text: str) -> tuple[bool, str]:
    whole = _WHOLE_FLOAT.fullmatch(text)
    if whole:
        return False, whole[1]
    if _SCIENTIFIC.fullmatch(text):
        return False, _read_scientific(text)
    shape = _SHAPE.fullmatch(text)
    if not shape:
        raise InvalidPhone("this is not a phone number" if text else "the phone is empty")
    return bool(shape[1]), shape[2].translate(_PUNCTUATION)


def _read_scientific(text: str) -> str:
    """The digits of 5.551234567E9, which is how a spreadsheet writes a long number."""
    exact = Decimal(text)
    is_rounded = len(exact.as_tuple().digits) < _ROUNDED_BELOW
    if is_rounded or exact.adjusted() >= LONGEST or exact != int(exact):
        raise InvalidPhone("a spreadsheet has rounded this phone: format its column as text")
    return str(int(exact))
