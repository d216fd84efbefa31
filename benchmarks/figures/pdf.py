"""An invoice of three pages as a PDF, beside the same words put on bare pages."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from reportlab.lib.pagesizes import LETTER
from reportlab.pdfgen.canvas import Canvas

from benchmarks.bench import Bench
from benchmarks.measure import Bare, Contest
from sales.documents.pdf import render_pdf
from sales.documents.sheets import Sheet

PDF = (
    "An invoice of 80 lines on three pages as a PDF: under 10 × the same words drawn on three "
    "pages by the bare library. Nobody signs in and nothing is read from the database."
)
LINES = 80
ON_A_PAGE = 27
COLUMNS = (40, 330, 390, 450, 500, 570)  # points from the left
HEIGHT = 22  # points from one line to the next
SHEET = Sheet(
    kind="Factura",
    number="FAC-000001",
    sender=["Consultores del Norte SA de CV", "CNO010101AB1", "Av. Constitución 100, Monterrey"],
    receiver=["Comercial Águila", "Jorge Núñez", "jorge@aguila.example"],
    facts=[("Fecha", "22 de noviembre de 2026"), ("Vence", "22 de diciembre de 2026")],
    head=["Descripción", "Cantidad", "Precio", "Descuento", "Impuesto", "Importe"],
    rows=[
        [f"Consultoría fiscal, mes {nth}", "120", "1,500.00", "0 %", "16 %", "180,000.00"]
        for nth in range(1, LINES + 1)
    ],
    sums=[("Subtotal", "14,400,000.00"), ("IVA", "2,304,000.00"), ("Total", "16,704,000.00")],
    blocks=[("Términos", "Pago a 30 días.")],
    is_letter=True,
)


def printed(bench: Bench) -> Iterator[Contest]:
    pages = render_pdf(SHEET).count(b"/Type /Page\n")
    bare = [Bare("words alone", 10, lambda number: _drawn())]
    yield Contest(f"{LINES} lines, {pages} pages", "-", lambda number: render_pdf(SHEET), bare)


def _drawn() -> bytes:
    """The same words, each put where it goes by hand."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=LETTER)
    for start in range(0, LINES, ON_A_PAGE):
        canvas.setFont("Helvetica", 9)
        rows = [SHEET.head, *SHEET.rows[start : start + ON_A_PAGE]]
        if start == 0:
            rows = [[text] for text in (*SHEET.sender, *SHEET.receiver)] + rows
        if start + ON_A_PAGE >= LINES:
            rows += [list(pair) for pair in (*SHEET.sums, *SHEET.blocks)]
        for place, row in enumerate(rows):
            for left, text in zip(COLUMNS, row, strict=False):
                canvas.drawString(left, LETTER[1] - 40 - place * HEIGHT, text)
        canvas.drawRightString(570, 20, f"{SHEET.number} {start // ON_A_PAGE + 1}")
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()
