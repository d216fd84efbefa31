"""Who is in a segment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection

from accounts.users.models import User
from prospects.contacts.models import Contact
from sales.conditions.compiling import fulfilling
from sales.segments.models import Segment, SegmentMember


def members(segment: Segment) -> Any:
    """Return the contacts in a segment, whoever asks.

    The conditions of a dynamic one are looked at when the queryset is made: what is "within 30
    days" is so at that moment.
    """
    return _among(Contact.objects.of_living_cards(are_many=True), segment)


def members_seen(segment: Segment, *, by: User) -> Any:
    """Return the contacts in a segment whom a user sees."""
    return _among(Contact.objects.visible_to(by, are_many=True), segment)


def count_members(segments: Iterable[Segment], *, by: User) -> dict[int, int]:
    """Return how many contacts of each segment a user sees, in one statement.

    Each is a count of its own, with the indexes that serve it.
    """
    counts, params = [], []
    for segment in segments:
        seen = members_seen(segment, by=by).order_by().values("pk")
        sql, values = seen.query.sql_with_params()
        counts.append(f"SELECT {int(segment.pk)}, count(*) FROM ({sql}) AS found")
        params.extend(values)
    if not counts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(counts), params)
        return dict(cursor.fetchall())


def _among(people: Any, segment: Segment) -> Any:
    people = people.filter(tenant=segment.tenant_id)  # who acts for everyone asks for one tenant's
    if segment.is_dynamic:
        return fulfilling(segment.conditions, people, zone=segment.tenant.zone)
    put_in = SegmentMember.objects.filter(segment=segment.pk)
    return people.filter(pk__in=put_in.values("contact_id"))
