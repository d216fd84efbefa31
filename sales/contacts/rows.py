"""The columns of contacts that the sales API shows."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, F, Value, When
from django.db.models.functions import Coalesce, NullIf

COLUMNS = (
    *("id", "first_name", "last_name", "email", "more_emails", "phone_code", "phone"),
    *("phone_type", "more_phones", "position", "lifecycle_stage", "lead_score", "source", "city"),
    *("country", "custom_fields", "created_at", "updated_at"),
)


def contact_rows(contacts: Any) -> Any:
    """Read contacts as dicts, with their company's id and name and their owner.

    Who has no owner of their own has their card's.
    """
    return contacts.values(
        *COLUMNS,
        company_id=F("prospect__company__pk"),
        company_name=NullIf("prospect__company_name", Value("")),
        shown_owner_id=Coalesce("owner_id", "prospect__owner_id"),
        owner_name=Case(
            When(owner__isnull=False, then=F("owner__name")), default=F("prospect__owner__name")
        ),
    )


def note_rows(notes: Any) -> Any:
    """Read notes about contacts as dicts, with the name of who wrote them."""
    columns = ("id", "note", "is_pinned", "created_by_id", "created_at")
    return notes.values(*columns, user_name=F("created_by__name"))
