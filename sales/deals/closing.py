"""What follows from a deal that is won: its people are customers, their cards are clients'."""

from __future__ import annotations

from datetime import datetime

from prospects.contacts.announcing import tell_written
from prospects.contacts.models import Contact, LifecycleStage
from prospects.pipeline.moves import become_type_client
from sales.contacts.scoring import refresh_scores
from sales.deals.models import Deal, DealContact

NOT_YET = (LifecycleStage.LEAD, LifecycleStage.PROSPECT, LifecycleStage.LOST)


def win_people(deal: Deal, *, at: datetime) -> None:
    """Make the contacts of a deal customers, and prospects among their cards clients.

    Cards are locked before people, both in the order of their ids. Who is more than a customer
    already stays that.
    """
    people = Contact.objects.filter(pk__in=DealContact.objects.filter(deal=deal).values("contact"))
    on_cards = people.filter(prospect__isnull=False)
    become_type_client(prospect_ids=on_cards.values_list("prospect", flat=True))
    ids = list(people.order_by("pk").select_for_update().values_list("pk", flat=True))
    newcomers = Contact.objects.filter(pk__in=ids, lifecycle_stage__in=NOT_YET)
    won = list(newcomers.values_list("pk", flat=True))
    newcomers.update(lifecycle_stage=LifecycleStage.CUSTOMER)
    tell_written(updated=won)
    refresh_scores(ids, at=at)


def score_people(deal_id: int, *, at: datetime) -> None:
    """Score the contacts of a deal anew: what it is worth counts."""
    people = DealContact.objects.filter(deal=deal_id).values_list("contact", flat=True)
    refresh_scores(list(people), at=at)
