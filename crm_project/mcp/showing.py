"""Rows of the API as tools show them: with their pages, in a line, and what may be done next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

from django.urls import reverse

from crm_project.mcp.tools import Result, next_tools
from crm_project.mcp.visits import Visit

Record = dict[str, Any]


def _contact(row: Record) -> str:
    said = (row["primary_email"], row["primary_phone"], row["company_name"], row["lifecycle_stage"])
    return f"{row['full_name']} ({', '.join(filter(None, said))})"


def _deal(row: Record) -> str:
    return f"{row['name']}: {row['amount']:.2f} {row['currency']}, {row['stage_name']}"


def _quote(row: Record) -> str:
    return f"{row['quote_number']} {row['title']}: {_money(row)}, {row['status']}"


def _invoice(row: Record) -> str:
    due = f"{row['amount_due']:.2f} due"
    return f"{row['invoice_number']} {row['title']}: {_money(row)}, {due}, {row['status']}"


def _money(row: Record) -> str:
    return f"{row['total']:.2f} {row['currency']}"


def _payment(row: Record) -> str:
    return f"{row['amount']:.2f} {row['currency']} for invoice {row['invoice_id']}"


def _activity(row: Record) -> str:
    due = f", due {row['due_at']}" if row["due_at"] else ""
    return f"{row['subject']} ({row['type']}, {row['status']}, {row['priority']}{due})"


def _pipeline(row: Record) -> str:
    stages = ", ".join(f"{stage['name']} ({stage['id']})" for stage in row["stages"])
    return f"{row['name']}: {stages}"


def _card(row: Record) -> str:
    return f"{row['company_name'] or row['name'] or row['email']}, {row['follow_name']}"


class Kind(NamedTuple):
    """Rows of a kind: their page in the back office, and how one is told in a line."""

    page: str
    line: Callable[[Record], str]


KINDS = {
    "contact": Kind("prospects_contact", _contact),
    "deal": Kind("sales_deal", _deal),
    "quote": Kind("sales_quote", _quote),
    "invoice": Kind("sales_invoice", _invoice),
    "payment": Kind("sales_payment", _payment),
    "activity": Kind("sales_activity", _activity),
    "pipeline": Kind("sales_pipeline", _pipeline),
    "card": Kind("prospects_prospect", _card),
}
MANY = {"activity": "activities"}


def one(visit: Visit, kind: str, row: Record, then: Sequence[str] = (), **more: Any) -> Result:
    """A row, with its page and what may be done next."""
    shown = with_page(visit, kind, row)
    structured = {kind: shown, **more, "next": next_tools(visit.user, then)}
    return Result(structured, f"{line_of(kind, row)}\n{shown['url']}")


def many(visit: Visit, kind: str, answer: Record, then: Sequence[str] = ()) -> Result:
    """A page of a list of the sales API."""
    rows = [with_page(visit, kind, row) for row in answer["data"]]
    meta, name = answer["meta"], MANY.get(kind, f"{kind}s")
    counted = {"total": meta["total"], "page": meta["current_page"], "per_page": meta["per_page"]}
    structured = {name: rows, **counted, "next": next_tools(visit.user, then)}
    first = f"{len(rows)} of {meta['total']} {name}"
    return Result(structured, "\n".join([first, *(line_of(kind, row) for row in rows)]))


def with_page(visit: Visit, kind: str, row: Record) -> Record:
    """The row and the address of its page."""
    return {**row, "url": visit.link(page_of(kind, row["id"]))}


def line_of(kind: str, row: Record) -> str:
    """The row in a line, after its id."""
    return f"{row['id']}: {KINDS[kind].line(row)}"


def page_of(kind: str, pk: int) -> str:
    """The path of a row's page in the back office."""
    return _page_pattern(kind).replace("0", str(pk))


@cache
def _page_pattern(kind: str) -> str:
    return reverse(f"admin:{KINDS[kind].page}_change", args=(0,))
