"""The calendar as tests read it and send to it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Tenant
from core.tenancy import tenant_scope
from crm_project.back_office.calendar.items import Item
from prospects.followups.services import add_note
from prospects.models import FollowUpNote, Prospect
from tests.people import Person, Team
from tests.prospects.cards_of import card
from tests.staff import signed_in

CALENDAR, MOVE, LOG, PLAN = (
    reverse(f"admin:{name}")
    for name in ("calendar", "calendar_move", "calendar_log", "calendar_plan")
)


def at(team: Team, day: date, clock: str = "10:00") -> datetime:
    """A moment on the team's clock."""
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=team.tenant.zone)


def today(team: Team) -> date:
    return timezone.localdate(timezone=team.tenant.zone)


def in_days(team: Team, days: int, clock: str = "10:00") -> datetime:
    """So many days from today, on the team's clock."""
    return at(team, today(team) + timedelta(days=days), clock)


def follow_up(team: Team, owner: Person, when: datetime, **values: Any) -> FollowUpNote:
    """A follow-up of a new card of somebody; of a card with `of`, with a text with `note`."""
    text, of = values.pop("note", "Call them"), values.pop("of", None)
    of = of or card(team, owner=owner, **{"company_name": "Acme", **values})
    with tenant_scope(team.tenant.pk):
        said = {"note": text, "action": "call", "scheduled_at": when}
        # Written long ago, so that it settles nothing else that is due.
        return add_note(
            prospect_id=of.pk,
            by=owner.user,
            at=datetime(2020, 1, 1, tzinfo=team.tenant.zone),
            **said,
        )


def page(person: Person | Client, **query: Any) -> Any:
    """The calendar as somebody sees it."""
    browser = person if isinstance(person, Client) else signed_in(person.user)
    answer = browser.get(CALENDAR, query)
    assert answer.status_code == 200
    return answer


def items(person: Person | Client, **query: Any) -> list[Item]:
    return [item for day in page(person, **query).context["days"] for item in day.items]


def titles(person: Person | Client, **query: Any) -> list[str]:
    return [item.title for item in items(person, **query)]


def sent(kind: str, pk: Any, seen: datetime, **more: Any) -> dict[str, Any]:
    """What the calendar's script sends of a thing that it showed."""
    return {"kind": kind, "id": pk, "seen": seen.isoformat(), **more}


def post(person: Person | Client, path: str, data: dict[str, Any]) -> Any:
    browser = person if isinstance(person, Client) else signed_in(person.user)
    return browser.post(path, data)


def fresh(team: Team, row: Any) -> Any:
    """A row as it is now."""
    with tenant_scope(team.tenant.pk):
        return type(row)._base_manager.get(pk=row.pk)


def notes_of(team: Team, card: Prospect | int) -> list[FollowUpNote]:
    with tenant_scope(team.tenant.pk):
        pk = card if isinstance(card, int) else card.pk
        return list(FollowUpNote.objects.filter(prospect=pk).order_by("pk"))


def move_to_zone(team: Team, name: str) -> None:
    """Let a tenant live by another clock."""
    Tenant.objects.filter(pk=team.tenant.pk).update(time_zone=name)
    team.tenant.time_zone = name
