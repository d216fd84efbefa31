"""Email addresses, each in the one form under which it is stored and compared."""

import re
import unicodedata
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

LONGEST = 254

# Most addresses in one match. It accepts nothing that Django's validator refuses.
_PLAIN: Final = re.compile(
    r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}",
    re.ASCII,
)
# A quoted name may be long; nobody's is longer than this.
_LONGEST_SPELLING = 1000


class InvalidEmail(ValueError):
    """This is not an email address; the message says why."""


def normalize_email(text: object) -> str:
    """The address in `text`, in lower case: "ana@x.mx" from "Ana <ANA@x.mx>" or "mailto:ana@x.mx".

    Raises InvalidEmail for what Django's validator refuses, for more than 254 characters and for
    control characters (which that validator lets pass inside quotes).
    """
    if not isinstance(text, str):
        raise InvalidEmail("an email must be a text")
    if len(text) > _LONGEST_SPELLING:
        raise InvalidEmail(f"an email cannot be longer than {LONGEST} characters")
    address = text.strip().lower()
    if not _is_plain(address):
        address = _unwrap(address)
        if not _is_plain(address):
            _validate(address)
    return address


def _is_plain(address: str) -> bool:
    return len(address) <= LONGEST and _PLAIN.fullmatch(address) is not None


def _unwrap(text: str) -> str:
    """The bare address: no display name, no mailto:, no invisible mark, no final dot."""
    if not text.isascii():
        text = "".join(each for each in text if unicodedata.category(each) != "Cf").strip()
    if text.endswith(">"):
        text = text[text.rfind("<") + 1 : -1].strip()
    if text.startswith("mailto:"):
        text = text.removeprefix("mailto:").partition("?")[0].strip()
    return text.removesuffix(".")


def _validate(address: str) -> None:
    if not address:
        raise InvalidEmail("the email is empty")
    if len(address) > LONGEST:
        raise InvalidEmail(f"an email cannot be longer than {LONGEST} characters")
    try:
        validate_email(address)
    except ValidationError as error:
        raise InvalidEmail("this is not an email address") from error
    if not address.isprintable():
        raise InvalidEmail("an email cannot hold control characters")
