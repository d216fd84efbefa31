"""What happened with a card, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm_project.back_office.panels import money
from prospects.models import FollowUpNote
from sales.models import Activity, Contract, DocumentMail, Invoice, Payment, Quote

Row = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """One thing that happened: what, about what, by whom, when; and where it stands."""

    at: datetime
    icon: str
    title: str
    detail: str
    amount: str
    who: str
    link: str


@dataclass(frozen=True)
class Kind:
    """How things of one kind are told."""

    icon: str
    page: str
    title: Callable[[Row], Any]
    detail: Callable[[Row], Any]


LOOKED_AT = {"viewed": _("opened"), "clicked": _("clicked")}


def worded(row: Row) -> Line:
    """Return a row of the timeline as people read it."""
    kind = KINDS[row["kind"]]
    return Line(
        at=row["at"],
        icon=kind.icon,
        title=str(kind.title(row)),
        detail=str(kind.detail(row)),
        amount=money(row["amount"], row["currency"]) if row["amount"] is not None else "",
        who=row["author"] or "",
        link=reverse(f"admin:{kind.page}_change", args=(row["id"],)),
    )


def _choice(choices: Any, value: str) -> str:
    return str(dict(choices).get(value, value))


def _numbered(model: Any) -> Callable[[Row], str]:
    def title(row: Row) -> str:
        number = f"{model.KIND}-{int(row['name']):06}"
        state = _choice(model.Status.choices, row["state"])
        return " · ".join(part for part in (number, state, row["detail"]) if part)

    return title


def _mailed(row: Row) -> str:
    state = LOOKED_AT.get(row["state"]) or _choice(DocumentMail.Status.choices, row["state"])
    return f"{row['detail']} · {state}"


def _mail_of(page: str) -> Kind:
    return Kind("mail", page, lambda row: row["name"], _mailed)


KINDS = {
    "note": Kind(
        "sticky_note_2",
        "prospects_followupnote",
        lambda row: _choice(FollowUpNote.Action.choices, row["name"]),
        lambda row: row["detail"],
    ),
    "move": Kind(
        "move_down",
        "prospects_prospect",
        lambda row: f"{row['name']} → {row['detail']}",
        lambda row: "",
    ),
    "activity": Kind(
        "task_alt",
        "sales_activity",
        lambda row: row["detail"],
        lambda row: _choice(Activity.Type.choices, row["name"]),
    ),
    "stage": Kind(
        "paid",
        "sales_deal",
        lambda row: f"{row['name']} → {row['detail']}",
        lambda row: _("Deal"),
    ),
    "quote": Kind(
        "request_quote", "sales_quote", _numbered(Quote), lambda row: Quote._meta.verbose_name
    ),
    "contract": Kind(
        "contract", "sales_contract", _numbered(Contract), lambda row: Contract._meta.verbose_name
    ),
    "invoice": Kind(
        "receipt_long", "sales_invoice", _numbered(Invoice), lambda row: Invoice._meta.verbose_name
    ),
    "payment": Kind(
        "payments",
        "sales_payment",
        lambda row: _choice(Payment.Method.choices, row["name"]),
        lambda row: " · ".join(
            part for part in (_choice(Payment.Status.choices, row["state"]), row["detail"]) if part
        ),
    ),
    "mail_quote": _mail_of("sales_quote"),
    "mail_contract": _mail_of("sales_contract"),
    "mail_invoice": _mail_of("sales_invoice"),
    "campaign": _mail_of("sales_campaign"),
}
