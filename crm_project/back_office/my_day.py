"""What waits for somebody today: panels of the back office's first page.

Each panel is one statement over what the user sees, and ends where a page has no room for more.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.back_office_filters import midnight
from crm_project.back_office.my_documents import invoice_panels, quote_panels
from crm_project.back_office.panels import Day, Line, Panel, list_of, money, page_of, panel_of
from prospects.models import Prospect
from sales.models import Activity, Deal

NEW = timedelta(days=7)  # before today: how long a lead that nobody contacted counts as new


def panels_of(user: Any, *, is_team: bool) -> list[Panel]:
    """Return what waits today for a user, or for all whom they see; what they may not see is left
    out."""
    day = Day(user, is_team, timezone.localdate())
    panels = (
        ("prospects.view_prospect", lambda day: [_follow_ups(day), _new_leads(day)]),
        ("sales.view_activity", lambda day: [_activities(day)]),
        ("sales.view_deal", lambda day: [_closing(day)]),
        ("sales.view_quote", quote_panels),
        ("sales.view_invoice", invoice_panels),
    )
    return [each for code, make in panels if user.has_perm(code) for each in make(day)]


def _follow_ups(day: Day) -> Panel:
    until, now = midnight(day.today + timedelta(days=1)), timezone.now()
    cards = day.of(Prospect.objects).filter(next_contact_at__lt=until)

    def line(card: Any) -> Line:
        late = card.next_contact_at < now
        named = card.name if card.company_name else ""
        return _card(day, card, detail=named, when=card.next_contact_at, is_late=late)

    query = day.query(next_contact_at_to=day.today.isoformat())
    return panel_of(
        cards.select_related("owner").order_by("next_contact_at", "pk"),
        line,
        more=list_of("prospects_prospect", query),
        title=_("Follow-ups until today"),
        icon="phone_callback",
        empty=_("Nobody waits for a call."),
    )


def _new_leads(day: Day) -> Panel:
    since = day.today - NEW
    new = {"created_at__gte": midnight(since), "first_contact_at__isnull": True}
    cards = day.of(Prospect.objects).filter(**new)
    return panel_of(
        cards.select_related("owner").order_by("-created_at", "-pk"),
        lambda card: _card(day, card, detail=card.email or card.phone, when=card.created_at),
        more=list_of(
            "prospects_prospect",
            day.query(created_at_from=since.isoformat(), first_contact_at__isempty=1),
        ),
        title=_("New leads that nobody contacted"),
        icon="person_add",
        empty=_("Every new lead was contacted."),
    )


def _card(day: Day, card: Prospect, **shown: Any) -> Line:
    """A card and the button that logs what was said."""
    return Line(
        title=str(card),
        link=page_of("prospects_prospect_change", card),
        owner=day.named(card.owner),
        verb=_("Log a contact"),
        action=page_of("prospects_prospect_log_contact", card),
        **shown,
    )


def _activities(day: Day) -> Panel:
    until, now = midnight(day.today + timedelta(days=1)), timezone.now()
    waiting = day.of(Activity.objects, "user").filter(status="pending", due_at__lt=until)
    related = ("user", "contact", "deal", "company__prospect")

    def line(each: Any) -> Line:
        return Line(
            title=each.subject,
            link=page_of("sales_activity_change", each),
            detail=str(each.contact or each.deal or each.company or ""),
            when=each.due_at,
            is_late=each.due_at < now,
            owner=day.named(each.user),
        )

    return panel_of(
        waiting.select_related(*related).order_by("due_at", "pk"),
        line,
        more=list_of(
            "sales_activity",
            day.query("user", status__exact="pending", due_at_to=day.today.isoformat()),
        ),
        title=_("Activities until today"),
        icon="task_alt",
        empty=_("Nothing is left to do."),
    )


def _closing(day: Day) -> Panel:
    end = _end_of_month(day.today)
    deals = day.of(Deal.objects).filter(status="open", expected_close_date__lte=end)

    def line(deal: Any) -> Line:
        return Line(
            title=deal.name,
            link=page_of("sales_deal_change", deal),
            detail=f"{money(deal.amount, deal.currency)} · {deal.stage}",
            when=deal.expected_close_date,
            is_late=deal.expected_close_date < day.today,
            owner=day.named(deal.owner),
        )

    return panel_of(
        deals.select_related("owner", "stage").order_by("expected_close_date", "pk"),
        line,
        more=list_of(
            "sales_deal", day.query(status__exact="open", expected_close_date_to=end.isoformat())
        ),
        title=_("Deals that close this month"),
        icon="paid",
        empty=_("No open deal is expected to close this month."),
    )


def _end_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
