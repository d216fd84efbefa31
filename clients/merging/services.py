from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.users.models import User
from clients.companies.models import Company
from clients.companies.services import refuse_client
from clients.merging.relations import move_everything
from core.errors import NotFound
from prospects.followups.models import FollowUpNote
from prospects.pipeline.bulk import Values
from prospects.pipeline.models import Prospect
from prospects.pipeline.people import refresh_people
from prospects.pipeline.services import change_locked, lock_prospect

# What a card takes over where it has nothing of its own.
PERSON = ("name", "email", "phone_code", "phone")
FILLED = (
    *("company_name", "external_id", "owner_id", "locale_id", "channel", "account_type"),
    *("account_value", "monthly_shipments", "estimated_close_date", "commercial_offer_date"),
    *("annotations", "ecommerce_type_id", "weight_range_id", "content_id", "plan_type_id"),
    *("lead_status_id", "campaign_id", "onboarding_status_id", "verified_at"),
)
DATES: dict[str, Callable[[Iterable[Any]], Any]] = {
    "first_contact_at": min,
    "last_contact_at": max,
}


@transaction.atomic
def merge_into_company(
    *, prospect_id: int, company_id: int, at: datetime, seen_by: User | None = None
) -> Company:
    """Merge a prospect into the card of a company: it turned out to be the same client.

    All that hangs on it moves, what the company's card lacks is filled from it, and it is deleted
    with a mark of where it went. The card of the company keeps its category and its person.

    :param seen_by: who does it; None when it is certain that they may.
    :raises NotFound: there is no such live card or company, or they may not see it.
    :raises NotAllowed: they may only look at one of them.
    :raises IsClientAlready: the prospect has a company of its own.
    """
    card_id = Company.objects.filter(pk=company_id).values_list("prospect", flat=True).first()
    if card_id is None:
        raise NotFound("There is no such client.")
    ids = sorted({prospect_id, card_id})  # in one order: two merges may cross
    columns = (*PERSON, *FILLED, *DATES, "next_contact_at", "category_id")
    cards = {pk: lock_prospect(pk, columns=columns, seen_by=seen_by) for pk in ids}
    refuse_client(cards[prospect_id])
    merge_cards(source=cards[prospect_id], target=cards[card_id], at=at)
    return Company.objects.get(pk=company_id)


def merge_cards(*, source: Prospect, target: Prospect, at: datetime) -> None:
    """Merge one locked card into another: `source` is deleted, nothing that hung on it is lost."""
    source.deleted_at, source.merged_into = at, target
    source.save(update_fields=["deleted_at", "merged_into"])  # frees its email and phone
    move_everything(source=source.pk, target=target.pk)
    planned = {"next_contact_at": FollowUpNote.objects.unsettled(target.pk).earliest_plan()}
    change_locked(target, {**_taken_over(source, target), **planned}, at=at)
    refresh_people([target.pk])


def _taken_over(source: Prospect, target: Prospect) -> Values:
    """What changes on the card that stays."""
    is_nobody = not any(getattr(target, name) for name in PERSON)
    names = (*FILLED, *PERSON) if is_nobody else FILLED
    filled = {n: getattr(source, n) for n in names if getattr(target, n) in ("", None)}
    pairs = {n: [getattr(card, n) for card in (source, target)] for n in DATES}
    dates = {n: DATES[n]([day for day in days if day]) for n, days in pairs.items() if any(days)}
    return {**filled, **dates}
