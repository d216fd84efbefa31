"""What must always be true of companies and their cards."""

from __future__ import annotations

from collections.abc import Iterator

from clients.companies.models import Company
from core.checks import integrity_check
from prospects.pipeline.models import Prospect


@integrity_check("a company lives as long as its card")
def lives_of_companies() -> Iterator[str]:
    """Companies whose card was deleted without them, and the reverse.

    That there is a card, and one alone, the database holds: the column is unique and not null.
    """
    orphans = Company.objects.filter(prospect__deleted_at__isnull=False)
    for pk in orphans.order_by("pk").values_list("pk", flat=True):
        yield f"company {pk}: its card is deleted"
    widowed = Prospect.objects.of_clients(deleted=True)
    for pk in widowed.order_by("pk").values_list("pk", flat=True):
        yield f"prospect {pk}: its company is deleted"
