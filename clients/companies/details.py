"""What a company says of itself, in the one form under which it is stored and compared."""

import re

from core.phones import to_e164
from core.values import InvalidValue, clean_text

_DOMAIN = re.compile(r"(?=.{4,253}$)(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,63}")
_BEFORE_HOST = re.compile(r"^[a-z]+://(?:[^/@]*@)?", re.ASCII)
_AFTER_HOST = re.compile(r"[/?#:].*$", re.DOTALL)
_BETWEEN_GROUPS = re.compile(r"[\s.-]+")


def read_domain(value: object) -> str:
    """The host in lower case: "tienda.mx" from "https://Tienda.mx/inicio"; "" for a blank.

    Raises InvalidValue.
    """
    text = _BEFORE_HOST.sub("", clean_text(value, 255).lower())
    host = _AFTER_HOST.sub("", text).removesuffix(".")
    if text and not _DOMAIN.fullmatch(host):
        raise InvalidValue("must be a domain such as tienda.mx")
    return host


def read_tax_id(value: object) -> str:
    """A tax id (RFC) in capitals without blanks, points and hyphens; "" for a blank.

    Raises InvalidValue for another type, a NUL or more than 100 characters.
    """
    return _BETWEEN_GROUPS.sub("", clean_text(value, 100)).upper()


def read_switchboard(value: object, region: str) -> str:
    """A company's phone as it was written, extension and all, if there is a number in it.

    :param region: ISO code of the country that counts without a code.

    Raises InvalidValue, or InvalidPhone, a ValueError as well.
    """
    text = clean_text(value, 40)
    if text:
        to_e164(None, text, region)
    return text
