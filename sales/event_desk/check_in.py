"""The page by which who comes is checked in, from a phone at the door."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, F, Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.search_text import search_text
from prospects.contacts.models import Contact
from prospects.pipeline.searching import search_pattern
from sales.event_desk.wording import worded
from sales.events.answering import check_in
from sales.events.models import Attendee, Event

COME_LATER = F("checked_in_at").desc(nulls_first=True)  # who is still expected stands on top
MOST = 100  # in one page: who is looked for by name is found


def check_in_page(request: Any, event: Event, context: dict[str, Any]) -> HttpResponse:
    """Show who is expected, those who have not come yet first; by POST, check one in."""
    query = str(request.GET.get("q", ""))[:100].replace("\x00", "").strip()
    if request.method == "POST":
        _check_in(request, event)
        again = f"?{urlencode({'q': query})}" if query else ""
        return redirect(f"{request.path}{again}")
    people = Attendee.objects.visible_to(request.user).filter(event=event)
    expected = people.exclude(status=Attendee.Status.DECLINED)
    came = Count("pk", filter=Q(checked_in_at__isnull=False))
    shown = {
        **context,
        "title": _("Check in"),
        "opts": Event._meta,
        "event": event,
        "query": query,
        "counts": expected.aggregate(expected=Count("pk"), came=came),
        "people": _named(event, expected, query)[:MOST],
        "is_cut": _named(event, expected, query)[MOST : MOST + 1].exists(),
        "is_off": event.cancelled_at is not None,
    }
    return TemplateResponse(request, "sales/event_check_in.html", shown)


def _named(event: Event, people: Any, query: str) -> Any:
    """Those with every word in their name, email or company, whatever its case and accents."""
    words = query.split()
    colleagues = people.filter(user__isnull=False).values_list("user", "user__name", "user__email")
    known = {pk: search_text(*texts) for pk, *texts in colleagues} if words else {}
    contacts = Contact.objects.filter(attended__event=event)
    for word in words:
        if not search_text(word):
            return people.none()
        found = contacts.search(search_pattern(word)).values("pk")
        named = [pk for pk, texts in known.items() if search_text(word) in texts]
        people = people.filter(Q(contact__in=found) | Q(user__in=named))
    in_order = people.order_by(COME_LATER, "contact__first_name", "user__name", "pk")
    return in_order.select_related("contact", "user", "checked_in_by")


def _check_in(request: Any, event: Event) -> None:
    sent = str(request.POST.get("attendee", ""))
    pk = int(sent) if sent.isascii() and sent.isdigit() and len(sent) <= 18 else 0
    try:
        with worded():
            who = {"event_id": event.pk, "attendee_id": pk, "by": request.user}
            attendee = check_in(**who, at=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("%s is here.") % attendee.name)
