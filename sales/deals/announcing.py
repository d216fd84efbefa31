"""What tenants' own systems are told about deals."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.webhooks.outbox import emit
from sales.deals.models import Deal, DealContact
from sales.deals.rows import deal_rows

CREATED, UPDATED, WON, LOST = "deal.created", "deal.updated", "deal.won", "deal.lost"
EVENTS = {
    CREATED: _("Deal created"),
    UPDATED: _("Deal changed"),
    WON: _("Deal won"),
    LOST: _("Deal lost"),
}


def tell_written(deal: Deal, *, event: str, before: str) -> None:
    """Tell that a deal is new or has changed, in the transaction that writes it; and its outcome.

    :param event: CREATED or UPDATED.
    :param before: its status before; of an outcome that it had already nothing more is told.
    """
    outcomes = {Deal.Status.WON.value: WON, Deal.Status.LOST.value: LOST}
    events = [event]
    if deal.status != before and deal.status in outcomes:
        events.append(outcomes[deal.status])
    emit({name: lambda: deal_data(deal.pk) for name in events})


def deal_data(deal_id: int) -> list[dict[str, Any]]:
    """Return what is told about a deal, with the names of the sales API."""
    people = DealContact.objects.filter(deal=deal_id).order_by("pk")
    contact_ids = list(people.values_list("contact", flat=True))
    rows = deal_rows(Deal.objects.filter(pk=deal_id))
    return [{**row, "contact_ids": contact_ids} for row in rows]
