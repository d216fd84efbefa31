"""The fonts of printed documents.

What Western Europe writes is set in Helvetica, which every reader of PDFs has. A text with other
letters (Polish, Czech, Greek, Cyrillic …) is set in Fira Sans, of which a PDF carries what it uses.
Chinese, Japanese and Korean are set in fonts that readers of PDFs bring along, as ours would be
larger than all else that the product ships.
"""

from __future__ import annotations

import re
from functools import cache

import fontpkg_fira_sans
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont

PLAIN, STRONG = "Helvetica", "Helvetica-Bold"
_WIDE = {PLAIN: "FiraSans-Regular", STRONG: "FiraSans-Bold"}
# Whoever writes kana writes Japanese; characters alone are taken for Chinese.
EASTERN = {
    "HYSMyeongJo-Medium": re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]"),
    "HeiseiMin-W3": re.compile("[\u3040-\u30ff]"),
    "STSong-Light": re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"),
}


def in_font(text: str, font: str) -> tuple[str, str]:
    """Return a text as it can be printed, and the font that prints it, in the weight of `font`.

    Letters that no font has become question marks.
    """
    for eastern, letters in EASTERN.items():
        if letters.search(text):
            _load_eastern(eastern)
            return "".join(char if char <= "\uffff" else "?" for char in text), eastern
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        wide = _WIDE[font]
        known = _load(wide).face.charToGlyph
        printable = (char if ord(char) in known or char.isspace() else "?" for char in text)
        return "".join(printable), wide
    return text, font


@cache
def _load_eastern(name: str) -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(name))


@cache
def _load(name: str) -> TTFont:
    font = TTFont(name, str(fontpkg_fira_sans.ROOT / "files" / f"{name}.ttf"))
    pdfmetrics.registerFont(font)
    return font
