"""The plain text of an HTML mail."""

from __future__ import annotations

import re
from html.parser import HTMLParser

APART = {"blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre", "table", "ul"}
BLOCKS = {*APART, "center", "div", "hr", "li", "tr"}


class _Reader(HTMLParser):
    """Collects what is read of a page, line by line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in BLOCKS:
            self.parts.append("\n\n" if tag in APART else "\n")
        if tag == "br":
            self.parts.append("\n")
        elif tag == "li":
            self.parts.append("- ")
        elif tag in ("td", "th"):
            self.parts.append(" ")
        elif tag == "img":
            self.parts.append(given.get("alt", ""))
        elif tag == "a":
            self.links.append((given.get("href", ""), len(self.parts)))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.links:
            address, start = self.links.pop()
            said = "".join(self.parts[start:]).strip()
            if address and address != said:
                self.parts.append(f" ({address})" if said else address)
        elif tag in BLOCKS:
            self.parts.append("\n\n" if tag in APART else "\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(re.sub(r"\s+", " ", data))


def text_of(html: str) -> str:
    """Return what somebody reads who sees no HTML: links behind their words, lists with dashes."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = (re.sub(r" {2,}", " ", line).strip() for line in "".join(reader.parts).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
