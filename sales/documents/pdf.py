"""A sheet as a PDF. The same sheet makes the same bytes, so that a hash can stand for it."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _
from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4, letter
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    Flowable,
    Image,
    KeepTogether,
    LongTable,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
)

from sales.documents import fonts
from sales.documents.fonts import EASTERN, in_font
from sales.documents.sheets import Sheet

MARGIN = 18 * mm
CELL_PADDING = 12  # left and right of a text
FRAME_PADDING = 6  # points, which platypus leaves inside a margin
NARROW = 23 * mm
LOGO_WIDTH, LOGO_HEIGHT = 45 * mm, 18 * mm
# A row that is taller than a page goes on on the next one, down to the last point.
ROWS_GO_ON = 1
INK, SOFT, LINE = colors.HexColor("#1F2937"), colors.HexColor("#6B7280"), colors.HexColor("#D1D5DB")

BODY = ParagraphStyle("body", fontName=fonts.PLAIN, fontSize=9, leading=12, textColor=INK)
RIGHT = ParagraphStyle("right", BODY, alignment=TA_RIGHT)
STRONG = ParagraphStyle("strong", BODY, fontName=fonts.STRONG)
STRONG_RIGHT = ParagraphStyle("strong_right", STRONG, alignment=TA_RIGHT)
LABEL = ParagraphStyle("label", BODY, fontSize=8, textColor=SOFT)
KIND = ParagraphStyle("kind", STRONG_RIGHT, fontSize=17, leading=21)
TITLE = ParagraphStyle("title", STRONG, fontSize=12, leading=16)


def render_pdf(sheet: Sheet) -> bytes:
    """Return a sheet as a PDF: A4 or Letter, its pages numbered, headings repeated on each."""
    buffer = BytesIO()
    template = SimpleDocTemplate(
        buffer,
        pagesize=letter if sheet.is_letter else A4,
        leftMargin=MARGIN - FRAME_PADDING,
        rightMargin=MARGIN - FRAME_PADDING,
        topMargin=MARGIN,
        bottomMargin=MARGIN + 4 * mm,
        title=f"{sheet.kind} {sheet.number}",
        author=sheet.sender[0] if sheet.sender else "",
        invariant=1,
    )
    width = template.width - 2 * FRAME_PADDING
    story = [*_head(sheet, width), *_table(sheet, width), *_tail(sheet, width)]
    template.build(story, canvasmaker=_numbered(f"{sheet.kind} {sheet.number}"))
    return buffer.getvalue()


def _text(text: str, style: ParagraphStyle = BODY) -> Paragraph:
    """A text as it was typed: no markup, and what no font has as a question mark."""
    printable, font = in_font(text, style.fontName)
    if font != style.fontName:
        breaks = "CJK" if font in EASTERN else style.wordWrap  # no spaces to break lines at
        style = ParagraphStyle(f"{style.name} {font}", style, fontName=font, wordWrap=breaks)
    return Paragraph(escape(printable).replace("\n", "<br/>"), style)


def _cell(text: str, style: ParagraphStyle, width: float) -> Paragraph | str:
    """A text in a table. What needs no second line and no other font is a plain string: laying
    out a paragraph takes ten times as long."""
    printable, font = in_font(text, style.fontName)
    fits = stringWidth(printable, font, style.fontSize) <= width - CELL_PADDING
    return text if fits and font == style.fontName and "\n" not in text else _text(text, style)


def _facts(sheet: Sheet, width: float) -> Flowable | str:
    if not sheet.facts:
        return ""
    facts = [[_text(label, LABEL), _text(value, RIGHT)] for label, value in sheet.facts]
    table = Table(facts, colWidths=[width * 0.18, width * 0.24], hAlign="RIGHT")
    table.setStyle(
        [
            ("TOPPADDING", (0, 0), (-1, -1), 1),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
            ("RIGHTPADDING", (1, 0), (1, -1), 0),
        ]
    )
    return table


def _head(sheet: Sheet, width: float) -> list[Flowable]:
    logo: list[Any] = []
    if sheet.logo:
        image = Image(BytesIO(sheet.logo))
        image._restrictSize(LOGO_WIDTH, LOGO_HEIGHT)
        image.hAlign = "LEFT"
        logo = [image]
    sender = [_text(line, BODY if nth else STRONG) for nth, line in enumerate(sheet.sender)]
    receiver = [_text(line, BODY if nth else STRONG) for nth, line in enumerate(sheet.receiver)]
    grid = Table(
        [
            [logo + sender, [_text(sheet.kind, KIND), _text(sheet.number, STRONG_RIGHT)]],
            [[_text(_("For"), LABEL), *receiver], _facts(sheet, width)],
        ],
        colWidths=[width * 0.56, width * 0.44],
        splitInRow=ROWS_GO_ON,
    )
    grid.setStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (0, -1), 0),
            ("RIGHTPADDING", (1, 0), (1, -1), 0),
            ("BOTTOMPADDING", (0, 0), (-1, 0), 14),
        ]
    )
    title = [_text(sheet.title, TITLE)] if sheet.title else []
    return [grid, Spacer(0, 5 * mm), *title, Spacer(0, 3 * mm)]


def _table(sheet: Sheet, width: float) -> list[Flowable]:
    if not sheet.rows:
        return []
    narrow = len(sheet.head) - 1
    first, *others = sheet.head
    wide = 32 * mm  # two amounts of twelve digits fit
    numbers = [NARROW, wide, *[NARROW * 0.92] * (narrow - 3), wide]
    widths = [width - sum(numbers), *numbers]
    styles = [BODY, *[RIGHT] * narrow]
    rows: list[list[Any]] = [
        [_text(first, STRONG), *(_text(each, STRONG_RIGHT) for each in others)],
        *(list(map(_cell, row, styles, widths)) for row in sheet.rows),
    ]
    table = LongTable(rows, colWidths=widths, repeatRows=1, splitInRow=ROWS_GO_ON)
    table.setStyle(
        [
            ("FONT", (0, 1), (-1, -1), BODY.fontName, BODY.fontSize, BODY.leading),
            ("TEXTCOLOR", (0, 1), (-1, -1), INK),
            ("ALIGN", (1, 1), (-1, -1), "RIGHT"),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEBELOW", (0, 0), (-1, 0), 0.8, INK),
            ("LINEBELOW", (0, 1), (-1, -1), 0.3, LINE),
            ("LEFTPADDING", (0, 0), (0, -1), 0),
            ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 3),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
        ]
    )
    return [table, Spacer(0, 4 * mm)]


def _tail(sheet: Sheet, width: float) -> list[Flowable]:
    parts: list[Flowable] = []
    if sheet.sums:
        last = len(sheet.sums) - 1
        rows = [
            [
                _text(label, STRONG if nth == last else BODY),
                _text(value, STRONG_RIGHT if nth == last else RIGHT),
            ]
            for nth, (label, value) in enumerate(sheet.sums)
        ]
        sums = Table(rows, colWidths=[width * 0.22, width * 0.24], hAlign="RIGHT")
        sums.setStyle(
            [("RIGHTPADDING", (1, 0), (1, -1), 0), ("LINEABOVE", (0, last), (-1, last), 0.8, INK)]
        )
        parts += [KeepTogether([sums]), Spacer(0, 5 * mm)]
    for heading, text in sheet.blocks:
        parts += [_text(heading, STRONG), _text(text), Spacer(0, 4 * mm)]
    if sheet.signature:
        rows = [[_text(label, LABEL), _text(value)] for label, value in sheet.signature]
        signed = Table(rows, colWidths=[width * 0.2, width * 0.8], splitInRow=ROWS_GO_ON)
        signed.setStyle([("BOX", (0, 0), (-1, -1), 0.8, INK), ("VALIGN", (0, 0), (-1, -1), "TOP")])
        parts.append(KeepTogether([signed]))
    return parts


def _numbered(name: str) -> type[Canvas]:
    """A canvas that writes "name · page 2 of 3" at the foot, once it knows how many there are."""

    class NumberedCanvas(Canvas):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:
            self._pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, page in enumerate(self._pages, start=1):
                self.__dict__.update(page)
                self.setFont(fonts.PLAIN, 8)
                self.setFillColor(SOFT)
                of = _("Page %(number)s of %(count)s") % {
                    "number": number,
                    "count": len(self._pages),
                }
                self.drawRightString(self._pagesize[0] - MARGIN, MARGIN, of)
                self.drawString(MARGIN, MARGIN, name)
                super().showPage()
            super().save()

    return NumberedCanvas
