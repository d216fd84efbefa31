"""The fonts of printed documents.

What Western Europe writes is set in Helvetica, which every reader of PDFs has. A text with other
letters (Polish, Czech, Greek, Cyrillic …) is set in Fira Sans, of which a PDF carries what it uses.
"""

from __future__ import annotations

from functools import cache

import fontpkg_fira_sans
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

PLAIN, STRONG = "Helvetica", "Helvetica-Bold"
_WIDE = {PLAIN: "FiraSans-Regular", STRONG: "FiraSans-Bold"}


def in_font(text: str, font: str) -> tuple[str, str]:
    """Return a text as it can be printed, and the font that prints it, in the weight of `font`.

    Letters that neither font has become question marks.
    """
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        wide = _WIDE[font]
        known = _load(wide).face.charToGlyph
        printable = (char if ord(char) in known or char.isspace() else "?" for char in text)
        return "".join(printable), wide
    return text, font


@cache
def _load(name: str) -> TTFont:
    font = TTFont(name, str(fontpkg_fira_sans.ROOT / "files" / f"{name}.ttf"))
    pdfmetrics.registerFont(font)
    return font
