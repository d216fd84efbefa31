"""What is under way with a card: what is to be done, its deals, its documents."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.duplicates.services import duplicates_of
from core.rights import CHANGE_PROSPECT
from crm_project.back_office.panels import MOST, Line, Panel, money, page_of, panel_of
from prospects.duplicates.probes import Evidence
from prospects.models import Contact, Prospect
from sales.models import Activity, Contract, Deal, Invoice, Quote

DOCUMENTS: tuple[tuple[Any, str, str, Any, Any], ...] = (
    (Quote, "valid_until", "request_quote", _("Quotes"), _("No quote yet.")),
    (Contract, "end_date", "contract", _("Contracts"), _("No contract yet.")),
    (Invoice, "due_at", "receipt_long", _("Invoices"), _("No invoice yet.")),
)


def under_way(card: Prospect, user: Any) -> list[Panel]:
    """Return the panels about a card that a user sees, of what they may look at.

    A statement for each, three for possible duplicates; who sees the card sees its people and all
    that is theirs.
    """
    people = Contact.objects.filter(prospect_id=card.pk).values("pk")
    today = timezone.localdate()
    found = _duplicates(card, user)
    found += [_activities(card, people)] if user.has_perm("sales.view_activity") else []
    found += [_deals(people, today)] if user.has_perm("sales.view_deal") else []
    return found + [
        _documents(people, today, *kind)
        for kind in DOCUMENTS
        if user.has_perm(f"sales.view_{kind[0]._meta.model_name}")
    ]


def _duplicates(card: Prospect, user: Any) -> list[Panel]:
    """The cards that may be about the same; no panel without any."""
    alike = duplicates_of(prospect_id=card.pk, seen_by=user)
    merge = reverse("admin:prospects_prospect_merge", args=(card.pk,))
    may_merge = user.has_perm(CHANGE_PROSPECT)

    def line(other: Any) -> Line:
        shared = (f"{Evidence(each['key']).label}: {each['value']}" for each in other["evidence"])
        return Line(
            title=other["company_name"] or other["name"],
            link=reverse("admin:prospects_prospect_change", args=(other["id"],)),
            detail=" · ".join(shared),
            verb=_("Compare and merge"),
            action=f"{merge}?with={other['id']}" if may_merge else "",
        )

    shown = {"title": _("Possible duplicates"), "icon": "difference", "empty": ""}
    return [panel_of(alike, line, length=MOST, **shown)] if alike else []


def _activities(card: Prospect, people: Any) -> Panel:
    about = Q(contact__in=people) | Q(deal__people__contact__in=people)
    about |= Q(company__prospect=card.pk)
    ids = Activity.objects.filter(about).values("pk")
    waiting = Activity.objects.filter(pk__in=ids, status="pending").select_related("user")
    now = timezone.now()

    def line(each: Any) -> Line:
        return Line(
            title=each.subject,
            link=page_of("sales_activity_change", each),
            detail=str(each.get_type_display()),
            when=each.due_at,
            is_late=each.due_at is not None and each.due_at < now,
            owner=str(each.user or ""),
        )

    return panel_of(
        waiting.order_by("due_at", "pk"),
        line,
        length=MOST,
        title=_("To be done"),
        icon="task_alt",
        empty=_("Nothing is left to do."),
    )


def _deals(people: Any, today: date) -> Panel:
    ids = Deal.objects.filter(people__contact__in=people).values("pk")
    deals = Deal.objects.filter(pk__in=ids).select_related("stage", "owner")

    def line(deal: Any) -> Line:
        close = deal.expected_close_date
        return Line(
            title=deal.name,
            link=page_of("sales_deal_change", deal),
            detail=f"{money(deal.amount, deal.currency)} · {deal.stage}",
            when=close,
            is_late=deal.status == "open" and close is not None and close < today,
            owner=str(deal.owner or ""),
        )

    return panel_of(
        deals.order_by("closed_at", "-pk"),
        line,
        length=MOST,
        title=_("Deals"),
        icon="paid",
        empty=_("No deal yet."),
    )


def _documents(
    people: Any, today: date, model: Any, column: str, icon: str, title: Any, empty: Any
) -> Panel:
    name = f"sales_{model._meta.model_name}"
    rows = model.objects.filter(contact__in=people).select_related("owner").order_by("-pk")
    names = dict(model.Status.choices)

    def line(document: Any) -> Line:
        state = document.state_on(today)
        amount = document.value if model is Contract else document.total
        return Line(
            title=document.number_text,
            link=page_of(f"{name}_change", document),
            detail=f"{money(amount, document.currency)} · {names.get(state, state)}",
            when=getattr(document, column),
            is_late=state == "overdue",
            owner=str(document.owner or ""),
        )

    return panel_of(rows, line, length=MOST, title=title, icon=icon, empty=empty)
