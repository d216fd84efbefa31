"""What people at the back office are told when a service refuses, in their language."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError

TEXTS = {
    "event_cancelled": _("This event is called off."),
    "event_over": _("This event is over."),
    "event_begun": _("This event has begun."),
    "event_full": _("Every seat is taken."),
    "on_list_already": _("They are on the list already."),
    "checked_in_already": _("They were checked in before."),
    "has_declined": _("They declined: note first that they come."),
}
OF_FIELDS = {
    "type": _("It is too long."),
    "end_at": _("It must end after it begins."),
    "max_attendees": _("More people than that have accepted already."),
    "contact_id": _("Choose a contact or a colleague, one of the two."),
    "user_id": _("There is no such active colleague."),
}


@contextmanager
def worded() -> Iterator[None]:
    """Say what a service refuses about an event as people read it."""
    try:
        yield
    except DomainError as refusal:
        fields = {
            name: str(OF_FIELDS.get(name, " ".join(texts)))
            for name, texts in (refusal.fields or {}).items()
        }
        text = TEXTS.get(refusal.code) or " ".join(fields.values()) or refusal.message
        named = {name: [each] for name, each in fields.items()}
        raise DomainError(str(text), fields=named or None) from refusal
