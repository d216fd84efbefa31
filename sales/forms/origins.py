"""Origins, as browsers name the site that a page came from."""

from __future__ import annotations

from urllib.parse import urlsplit

from core.values import InvalidValue, clean_text
from sales.forms.models import LONGEST_ORIGIN

_USUAL_PORTS = {"http": 80, "https": 443}


def read_origin(value: object) -> str:
    """Return `https://www.example.com` of what people type or a browser says.

    :raises InvalidValue: it is no site on the web, or more than one.
    """
    text = clean_text(value, LONGEST_ORIGIN)
    try:
        parts = urlsplit(text)
        port, host = parts.port, (parts.hostname or "").encode("idna").decode()
    except (ValueError, UnicodeError):
        raise InvalidValue("must be a site, such as https://www.example.com") from None
    more = parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc
    plain = host.replace("-", "").replace(".", "").replace(":", "").isalnum()
    if parts.scheme not in _USUAL_PORTS or not plain or more:
        raise InvalidValue("must be a site, such as https://www.example.com")
    shown = f"[{host}]" if ":" in host else host
    is_usual = port in (None, _USUAL_PORTS[parts.scheme])
    return f"{parts.scheme}://{shown}" + ("" if is_usual else f":{port}")
