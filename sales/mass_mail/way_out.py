"""Whether who reads a campaign finds in it how to get no more of them."""

from __future__ import annotations

import re

from sales.mass_mail.cleaning import UNSUBSCRIBE_LINK

TAG = re.compile(r'<(?:"[^"]*"|[^">])*>')
LINK = re.compile(
    r'<a\b(?:"[^"]*"|[^">])*\shref="\{\{\s*unsubscribe_url\s*\}\}"(?:"[^"]*"|[^">])*>(.*?)</a>',
    re.DOTALL,
)
PICTURE = re.compile(r"<img\b")
HIDDEN = re.compile(r"display:\s*none|(?:font-size|width|height):\s*0(?![.\d])", re.IGNORECASE)


def has_way_out(html: str) -> bool:
    """Whether cleaned HTML shows the link to unsubscribe: as a link, or written out.

    Where anything is hidden, that may be the link: then it does not count.
    """
    if HIDDEN.search(html):
        return False
    if UNSUBSCRIBE_LINK.search(TAG.sub("", html)):
        return True
    return any(_is_seen(found[1]) for found in LINK.finditer(html))


def _is_seen(inside: str) -> bool:
    return bool(TAG.sub("", inside).replace("&nbsp;", "").strip() or PICTURE.search(inside))
