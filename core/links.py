"""Links as people paste them."""

from urllib.parse import urlsplit

from core.values import InvalidValue, clean_text


def parse_link(value: object, max_length: int) -> str:
    """The link without the blanks around it; "" for None or a blank.

    Raises InvalidValue for what is no http(s) address of a host: `javascript:` in a link that
    somebody clicks would be run.
    """
    text = clean_text(value, max_length)
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        is_link = parts.scheme in ("http", "https") and bool(parts.hostname)
        parts.port  # noqa: B018 (read to be checked)
    except ValueError:
        is_link = False
    if not is_link or any(each.isspace() or not each.isprintable() for each in text):
        raise InvalidValue("must be a link that begins with http:// or https://")
    return text
