"""HTML of campaigns, cleaned of all that a mail needs not and a browser would run."""

from __future__ import annotations

import re

import nh3


def _words(text: str) -> set[str]:
    return set(text.split())


TAGS = _words(
    """
    a abbr b blockquote br center code div em h1 h2 h3 h4 h5 h6 hr i img li ol p pre s small
    span strong sub sup table tbody td tfoot th thead tr u ul
    """
)
LAYOUT = {"align", "valign", "width", "height", "bgcolor"}
ATTRIBUTES = {
    "*": {"style", "title", "lang", "dir", "align"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "table": {"border", "cellpadding", "cellspacing", "role", *LAYOUT},
    "td": {"colspan", "rowspan", *LAYOUT},
    "th": {"colspan", "rowspan", *LAYOUT},
}
STYLES = _words(
    """
    background background-color border border-bottom border-collapse border-color border-left
    border-radius border-right border-spacing border-top color display
    font font-family font-size font-style font-weight height letter-spacing line-height list-style
    margin margin-bottom margin-left margin-right margin-top max-width min-width
    padding padding-bottom padding-left padding-right padding-top
    text-align text-decoration text-transform vertical-align width word-break
    """
)
UNSUBSCRIBE_LINK = re.compile(r"\{\{\s*unsubscribe_url\s*\}\}")
# Whose server it is stands in the text itself, not in what somebody may call themselves.
WEB = re.compile(r"https?://[^\s/?#{}@\\]+(?:[/?#]\S*)?", re.IGNORECASE)
DIRECT = re.compile(r"(?:mailto|tel):[^\s]+", re.IGNORECASE)
SPACED_SLOT = re.compile(r"\{\{[^{}]*\}\}")


def clean_html(html: str) -> str:
    """Return what of an HTML text may be mailed: no scripts, forms, frames or foreign schemes.

    Links lead to the web, to an address or to a phone; pictures come from the web.
    """
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_attribute,
        filter_style_properties=STYLES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    ).strip()


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "href":
        return value if _is_link(value.strip()) else None
    if name == "src":
        return value if WEB.fullmatch(_whole(value.strip())) else None
    if name == "style":
        return None if "{{" in value else value
    return value


def _is_link(value: str) -> bool:
    if UNSUBSCRIBE_LINK.fullmatch(value):
        return True
    return bool(WEB.fullmatch(_whole(value)) or DIRECT.fullmatch(_whole(value)))


def _whole(value: str) -> str:
    """An address whose placeholders have no blanks."""
    return SPACED_SLOT.sub("{{x}}", value)
