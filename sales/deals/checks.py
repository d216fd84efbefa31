"""What must always be true of deals and the stages where they stand."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, F, Q

from core.checks import integrity_check
from sales.deals.models import Deal


@integrity_check("a deal is won or lost as its stage is")
def outcomes_of_deals() -> Iterator[str]:
    """Deals whose status is not their stage's kind."""
    wrong = Deal.all_objects.exclude(status=F("stage__kind")).order_by("pk")
    for pk, status, kind in wrong.values_list("pk", "status", "stage__kind"):
        yield f"deal {pk}: it is {status}, its stage {kind}"


@integrity_check("a deal stands in one stage, as its history says")
def stays_of_deals() -> Iterator[str]:
    """Deals without an open stay in their stage. That there is one at most the database holds."""
    here = Count("stays", filter=Q(stays__left_at=None, stays__stage=F("stage")))
    wrong = Deal.all_objects.annotate(here=here).filter(here=0).order_by("pk")
    for pk in wrong.values_list("pk", flat=True):
        yield f"deal {pk}: its history does not end in its stage"
