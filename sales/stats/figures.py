"""How business goes, counted from the same rows that the lists show the caller."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, Q, Sum, Value, When
from django.db.models.functions import Round

from accounts.users.models import User
from prospects.contacts.models import Contact
from sales.activities.models import Activity
from sales.deals.models import Deal
from sales.invoices.models import Invoice
from sales.pipelines.models import Stage
from sales.quotes.models import Quote

Figures = dict[str, Any]
ZERO = Decimal(0)
WEIGHTED = Round(F("amount") * F("probability") / Decimal(100), 2)


def read_stats(user: User, *, at: datetime) -> Figures:
    """Return the figures of what a user may see. Months and days are the tenant's.

    Amounts are plain sums; `by_currency` beside them tells them apart.
    """
    now = at.astimezone(user.tenant.zone)  # type: ignore[union-attr]
    month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    deals, invoices = Deal.objects.visible_to(user), Invoice.objects.visible_to(user)
    late = invoices.filter(Invoice.lapsed(now.date()))
    return {
        "contacts": _contacts(user, month),
        "deals": {
            "open": _open(deals.filter(status=Deal.Status.OPEN)),
            "won_this_month": _sums(
                deals.filter(status=Deal.Status.WON, closed_at__gte=month), amount=F("amount")
            ),
        },
        "quotes": _by_state(Quote.objects.visible_to(user), now),
        "invoices": _by_state(invoices, now),
        **_overdue(late),
        **_activities(user, at),
        "pipeline": _pipeline(deals),
    }


def _contacts(user: User, month: datetime) -> Figures:
    return Contact.objects.visible_to(user).aggregate(
        total=Count("pk"), new_this_month=Count("pk", filter=Q(created_at__gte=month))
    )


def _open(deals: Any) -> Figures:
    return _sums(deals, amount=F("amount"), weighted=WEIGHTED)


def _sums(rows: Any, **amounts: Any) -> Figures:
    """How many, and what they come to, together and for each currency; by one statement."""
    summed = {name: Sum(value) for name, value in amounts.items()}
    # `amount` is a column, too: sums have names of their own inside the statement.
    named = {f"sum_{name}": value for name, value in summed.items()}
    grouped = rows.order_by().values("currency").annotate(count=Count("pk"), **named)
    found = list(grouped.order_by("currency").values_list("currency", "count", *named))
    by_currency = [
        {"currency": currency, "count": count, **dict(zip(amounts, sums, strict=True))}
        for currency, count, *sums in found
    ]
    return {**_together(by_currency, ("count", *amounts)), "by_currency": by_currency}


def _together(parts: Iterable[Figures], names: Iterable[str]) -> Figures:
    parts = list(parts)
    return {
        name: sum((each[name] for each in parts), 0 if name == "count" else ZERO) for name in names
    }


def _by_state(documents: Any, now: datetime) -> Figures:
    """Of each state that there may be: what a date alone brings about counts as it is shown."""
    kind = documents.model
    lapsed = When(kind.lapsed(now.date()), then=Value(str(kind.LAPSED_STATE)))
    states = documents.order_by().values(state=Case(lapsed, default=F("status")))
    found = states.values("state", "currency").annotate(count=Count("pk"), sum_total=Sum("total"))
    parts: dict[str, list[Figures]] = {str(state): [] for state in kind.Status.values}
    for each in found.order_by("currency"):
        total = {"currency": each["currency"], "count": each["count"], "total": each["sum_total"]}
        parts[each["state"]].append(total)
    return {
        state: {**_together(each, ("count", "total")), "by_currency": each}
        for state, each in parts.items()
    }


def _overdue(late: Any) -> Figures:
    """What is still owed of invoices that are overdue."""
    found = _sums(late, amount=F("total") - F("amount_paid"))
    return {"overdue_amount": found["amount"], "overdue_by_currency": found["by_currency"]}


def _activities(user: User, at: datetime) -> Figures:
    pending = Activity.objects.visible_to(user).filter(status=Activity.Status.PENDING)
    return pending.aggregate(
        pending_activities=Count("pk"), overdue_activities=Count("pk", filter=Q(due_at__lt=at))
    )


def _pipeline(deals: Any) -> list[Figures]:
    """Every stage of every pipeline, in their order, with all deals that stand in it."""
    grouped = deals.order_by().values("stage_id")
    found = grouped.annotate(count=Count("pk"), sum_amount=Sum("amount"))
    sums = {each["stage_id"]: each for each in found}
    stages = Stage.objects.in_order().values("id", "name", "pipeline_id", "pipeline__name")
    return [
        {
            "pipeline_id": stage["pipeline_id"],
            "pipeline_name": stage["pipeline__name"],
            "stage_id": stage["id"],
            "stage_name": stage["name"],
            "count": sums[stage["id"]]["count"] if stage["id"] in sums else 0,
            "amount": sums[stage["id"]]["sum_amount"] if stage["id"] in sums else ZERO,
        }
        for stage in stages
    ]
