"""One string per card to search in, and queries brought into the same form.

Both sides go through the same folding, character by character, so that a query which is a substring
of a name, an email or a phone is a substring of the search text, whatever its case, accents and
punctuation.
"""

import re
import unicodedata
from collections.abc import Iterable

# What emails are made of keeps its meaning; all other punctuation is a space.
_LATIN_ACCENTS = re.compile("[\u0300-\u036f]+")
# Without the one that is a letter, iota, once its case is folded.
_PLAIN_ACCENTS = re.compile("[\u0300-\u0344\u0346-\u036f]+")
_OTHER_PUNCTUATION = re.compile(r"[^\w@.+-]+")
# The same for ASCII, which most texts are once they are folded, at a fraction of the price.
_ASCII_PUNCTUATION = {
    code: " " for code in range(128) if not chr(code).isalnum() and chr(code) not in "_@.+-"
}
_DIGITS_WITH_PUNCTUATION = re.compile(r"[0-9][0-9+()./ -]+[0-9]")
_LOOKS_LIKE_A_PHONE = re.compile(r"[0-9+()./ -]+")
_NOT_A_DIGIT = re.compile(r"[^0-9]+")
_OLD_MEXICAN = re.compile(r"(?:52)?(?:044|045|01|1)([2-9][0-9]{9})")
_FEWEST_PHONE_DIGITS = 6
_LIKE_SPECIAL = re.compile(r"([\\%_])")


def search_text(*parts: str | None, phones: Iterable[str] = ()) -> str:
    """The searchable form of `parts` (names, emails, in any order) and of `phones`.

    Phones are best given in E.164: its digits contain the national number, so one run of digits
    answers a query with and without the country's code.
    """
    folded = _fold("\n".join(part for part in parts if part))
    digits = [_digits_of(phone) for phone in phones if phone]
    return " ".join([_collapse(folded), *digits, *_numbers_in(folded)]).strip()


def search_needle(query: str) -> str:
    """What to look for in the search text; "" if the query holds nothing that can be looked for.

    A query that is a phone number becomes its digits, without the prefixes Mexico no longer uses.
    """
    folded = _fold(query).strip()
    if _LOOKS_LIKE_A_PHONE.fullmatch(folded):
        digits = _NOT_A_DIGIT.sub("", folded).removeprefix("00")
        if len(digits) >= _FEWEST_PHONE_DIGITS:
            old = _OLD_MEXICAN.fullmatch(digits)
            return old[1] if old else digits
    return _collapse(folded)


def like_pattern(needle: str) -> str:
    r"""The operand of LIKE (with its default escape `\`) that finds `needle` anywhere in a text."""
    escaped = _LIKE_SPECIAL.sub(r"\\\1", needle)
    return f"%{escaped}%"


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    plain = _PLAIN_ACCENTS.sub("", decomposed)
    if plain.isascii():
        return plain.lower()
    decomposed = unicodedata.normalize("NFKD", decomposed.casefold())
    latin = _LATIN_ACCENTS.sub("", decomposed)
    if latin.isascii():
        return latin
    return "".join(each for each in latin if unicodedata.category(each) not in ("Mn", "Me"))


def _collapse(folded: str) -> str:
    if folded.isascii():
        return " ".join(folded.translate(_ASCII_PUNCTUATION).split())
    return _OTHER_PUNCTUATION.sub(" ", folded).strip()


def _digits_of(phone: str) -> str:
    e164 = phone.removeprefix("+")
    return e164 if e164.isascii() and e164.isdigit() else _NOT_A_DIGIT.sub("", phone)


def _numbers_in(folded: str) -> list[str]:
    """Long numbers written with punctuation, as digits: so is a needle of the kind."""
    found = _DIGITS_WITH_PUNCTUATION.findall(folded)
    numbers = (_NOT_A_DIGIT.sub("", each) for each in found)
    return [each for each in numbers if len(each) >= _FEWEST_PHONE_DIGITS and each not in found]
