"""The columns of deals that the sales API shows, under the names of the contract."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, F, When

from prospects.contacts.models import Contact
from sales.deals.models import DealContact, StageStay

COLUMNS = (
    *("id", "name", "amount", "currency", "probability", "status", "pipeline_id", "stage_id"),
    *("owner_id", "expected_close_date", "closed_at", "lost_reason", "created_at", "updated_at"),
)


def deal_rows(deals: Any) -> Any:
    """Read deals as dicts, with the names of their stage and owner."""
    return deals.values(*COLUMNS, stage_name=F("stage__name"), owner_name=F("owner__name"))


def people_of(deal_id: int, user: Any) -> Any:
    """Read the contacts of a deal whom a user sees, as dicts."""
    seen = Contact.objects.visible_to(user, are_few=True)
    people = DealContact.objects.filter(deal=deal_id, contact__in=seen).order_by("pk")
    return people.values(
        *("contact_id", "contact__first_name", "contact__last_name", "contact__email")
    )


def history_of(deal_id: int) -> Any:
    """Read in which stages a deal stood, the first one first."""
    return (
        StageStay.objects.filter(deal=deal_id)
        .order_by("entered_at", "pk")
        .values("stage_id", "entered_at", "left_at", user_name=F("moved_by__name"))
        .annotate(
            # As the stage is called now; as it was called, if it is gone.
            shown_name=Case(
                When(stage__isnull=True, then=F("stage_name")), default=F("stage__name")
            )
        )
    )
