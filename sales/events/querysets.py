from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from core.models import LiveManager, TenantManager, TenantQuerySet
from prospects.contacts.models import Contact
from prospects.pipeline.searching import search_pattern

LIVE = Q(deleted_at__isnull=True)
# Whoever was deleted, or may not sign in any more, neither comes nor takes a seat.
PRESENT = Q(contact__isnull=False, contact__deleted_at__isnull=True) | Q(
    user__isnull=False, user__is_active=True
)


class EventQuerySet(TenantQuerySet):
    """Events. They are the tenant's: who may look at one may look at all."""

    def upcoming(self, at: datetime) -> EventQuerySet:
        """Those that are not over and not cancelled, the next one first."""
        found = self.filter(end_at__gt=at, cancelled_at__isnull=True)
        return found.order_by("start_at", "pk")

    def past(self, at: datetime) -> EventQuerySet:
        """Those that are over."""
        return self.filter(end_at__lte=at)

    def beginning(self, since: datetime, until: datetime) -> EventQuerySet:
        """Those that begin from one moment up to before another, the earliest first."""
        return self.filter(start_at__gte=since, start_at__lt=until).order_by("start_at", "pk")

    def of_colleague(self, user_id: int) -> EventQuerySet:
        """Those that somebody holds, and those on whose list they are and which they have not
        declined."""
        people: Any = self.model._meta.get_field("attendees").related_model
        comes = people.objects.filter(event=OuterRef("pk"), user=user_id)
        return self.filter(Q(owner=user_id) | Exists(comes.exclude(status="declined")))

    def search(self, text: str) -> EventQuerySet:
        """Those whose title or place holds this text; case and accents do not matter."""
        pattern: Any = search_pattern(text)
        return self.none() if pattern is None else self.filter(search_text__like=pattern)

    def with_counts(self) -> EventQuerySet:
        """With how many there are on the list, and how many of them come."""
        people: Any = self.model._meta.get_field("attendees").related_model
        on_list = people.objects.present().filter(event=OuterRef("pk"))
        return self.annotate(
            attendees_count=_number_of(on_list),
            accepted_count=_number_of(on_list.filter(status="accepted")),
            checked_in_count=_number_of(on_list.filter(checked_in_at__isnull=False)),
        )


def _number_of(people: Any) -> Coalesce:
    rows = people.order_by()
    counted = rows.values("event").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


class AttendeeQuerySet(TenantQuerySet):
    """People on the lists of events."""

    def present(self) -> AttendeeQuerySet:
        """Those who have not been deleted and can still come."""
        return self.filter(PRESENT)

    def visible_to(self, user: Any) -> AttendeeQuerySet:
        """Those whom a user may see on a list: colleagues, and contacts whom they see."""
        seen = Contact.objects.visible_to(user, are_few=True)
        return self.present().filter(Q(user__isnull=False) | Q(contact__in=seen))

    def accepted(self) -> AttendeeQuerySet:
        """Those who take a seat."""
        return self.present().filter(status="accepted")


EventManager = LiveManager.from_queryset(EventQuerySet)
AllEventsManager = TenantManager.from_queryset(EventQuerySet)
AttendeeManager = TenantManager.from_queryset(AttendeeQuerySet)
