"""The quotes and invoices that wait for somebody today."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm_project.back_office.panels import MOST, Day, Line, Panel, list_of, money, page_of, panel_of
from sales.models import Invoice, Quote

RELATED = ("owner", "contact__prospect")


def quote_panels(day: Day) -> list[Panel]:
    """Return what was sent and is not answered, and what is to be sent, by one statement."""
    quotes = day.of(Quote.objects).select_related(*RELATED).order_by("valid_until", "pk")
    sent, drafts = (quotes.in_state(state, day.today)[: MOST + 1] for state in ("sent", "draft"))
    found = list(sent.union(drafts, all=True).order_by("valid_until", "id"))
    return [
        _panel(
            day,
            [each for each in found if each.status == "sent"],
            name="quote",
            column="valid_until",
            state="sent",
            title=_("Quotes that wait for an answer"),
            icon="request_quote",
            empty=_("Every quote that was sent is answered."),
        ),
        _panel(
            day,
            [each for each in found if each.status == "draft"],
            name="quote",
            column="valid_until",
            state="draft",
            title=_("Quotes to be sent"),
            icon="edit_document",
            empty=_("No quote waits to be sent."),
        ),
    ]


def invoice_panels(day: Day) -> list[Panel]:
    """Return what should have been paid by now."""
    late = day.of(Invoice.objects).in_state("overdue", day.today)
    found = list(late.select_related(*RELATED).order_by("due_at", "pk")[: MOST + 1])
    return [
        _panel(
            day,
            found,
            name="invoice",
            column="due_at",
            state="overdue",
            title=_("Overdue invoices"),
            icon="receipt_long",
            empty=_("No invoice is overdue."),
        )
    ]


def _panel(
    day: Day, found: list[Any], *, name: str, column: str, state: str, **shown: Any
) -> Panel:
    def line(document: Any) -> Line:
        return _line(day, document, name, getattr(document, column))

    more = list_of(f"sales_{name}", day.query(state=state))
    return panel_of(found, line, more=more, **shown)


def _line(day: Day, document: Any, name: str, last_day: Any) -> Line:
    return Line(
        title=f"{document.number_text} · {document.contact}",
        link=page_of(f"sales_{name}_change", document),
        detail=money(document.total, document.currency),
        when=last_day,
        is_late=last_day is not None and last_day < day.today,
        owner=day.named(document.owner),
    )
