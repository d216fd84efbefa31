"""Who has to do with a deal."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models.functions import Now

from accounts.users.models import User
from core.errors import InvalidInput
from prospects.contacts.models import Contact
from sales.contacts.scoring import refresh_scores
from sales.deals.models import Deal, DealContact

MOST_PEOPLE = 100


def set_people(deal: Deal, contact_ids: Collection[int], *, by: User, at: datetime) -> None:
    """Set the contacts of a deal; those whom `by` does not see stay as they are.

    :raises InvalidInput: one of them does not exist for `by`, or they are too many.
    """
    wanted = list(dict.fromkeys(contact_ids))
    if len(wanted) > MOST_PEOPLE:
        raise InvalidInput.of("contact_ids", f"At most {MOST_PEOPLE}.")
    seen = Contact.objects.visible_to(by, are_few=True)
    known = set(
        DealContact.objects.filter(deal=deal, contact__in=seen).values_list("contact", flat=True)
    )
    new = [pk for pk in wanted if pk not in known]
    _refuse_unknown(new, seen)
    gone = known - set(wanted)
    if new or gone:  # they are part of what somebody read of the deal
        Deal.objects.filter(pk=deal.pk).update(updated_at=Now())
    DealContact.objects.filter(deal=deal, contact__in=gone).delete()
    refresh_scores(gone, at=at)
    DealContact.objects.bulk_create(
        (DealContact(deal=deal, contact_id=pk) for pk in new), ignore_conflicts=True
    )


def _refuse_unknown(contact_ids: Collection[int], seen: Any) -> None:
    found = set(seen.filter(pk__in=contact_ids).values_list("pk", flat=True)) if contact_ids else ()
    for pk in contact_ids:
        if pk not in found:
            raise InvalidInput.of("contact_ids", f"There is no contact {pk}.")
