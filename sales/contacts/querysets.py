"""Which contacts have their scores refreshed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Max

from prospects.contacts.models import Contact
from prospects.followups.models import FollowUpNote

CHUNK = 5000
# What is newer than this many is left to the night.
MOST_NEWS = 50_000


def everybody() -> Iterator[list[int]]:
    """Yield the ids of all live contacts, in chunks: each is a short transaction."""
    last = 0
    while ids := _ids(Contact.objects.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        yield ids
        last = ids[-1]


def with_news(since: datetime) -> Iterator[list[int]]:
    """Yield the ids of those changed or met since, in chunks."""
    changed = Contact.objects.filter(updated_at__gte=since).order_by("-updated_at", "-pk")
    notes = _latest_notes().filter(created_at__gte=since)
    named = notes.filter(contact__isnull=False).values("contact_id")
    cards = notes.filter(contact__isnull=True).values("prospect_id")
    met = Contact.objects.filter(pk__in=named).values("pk")
    primary = Contact.objects.filter(is_primary=True, prospect__in=cards).values("pk")
    ids = {*_ids(changed[:MOST_NEWS]), *met.union(primary).values_list("pk", flat=True)}
    ordered = sorted(ids)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


def _latest_notes() -> Any:
    """The notes written last, by their ids: there is no index by time over all cards."""
    newest = FollowUpNote.objects.aggregate(newest=Max("pk"))["newest"] or 0
    return FollowUpNote.objects.filter(pk__gt=newest - MOST_NEWS)


def _ids(contacts: Any) -> list[int]:
    return list(contacts.values_list("pk", flat=True))
