"""Who is in a segment."""

from __future__ import annotations

from typing import Any

from prospects.contacts.models import Contact
from sales.conditions.compiling import fulfilling
from sales.segments.models import Segment, SegmentMember


def members(segment: Segment) -> Any:
    """Return the contacts in a segment, whoever asks: narrow them by `visible_to`.

    The conditions of a dynamic one are looked at when the queryset is made: what is "within 30
    days" is so at that moment.
    """
    people = Contact.objects.of_living_cards()
    if segment.is_dynamic:
        return fulfilling(segment.conditions, people, zone=segment.tenant.zone)
    put_in = SegmentMember.objects.filter(segment=segment.pk)
    return people.filter(pk__in=put_in.values("contact_id"))
