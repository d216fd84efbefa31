from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef
from django.db.models.functions import JSONObject

from core.errors import NotFound
from prospects.contacts.models import Contact
from prospects.followups.models import FollowUpNote
from prospects.pipeline.models import Prospect, ProspectService, TeamAssignment

LATEST_NOTES = 100


def find_card(prospect_id: int, *, user: Any = None) -> Prospect:
    """Return a card with everything that its page shows beside notes and contacts, in one query.

    :param user: who asks; None when it is certain already that they may see it.
    :raises NotFound: there is no such card, or this user may not see it.
    """
    cards = Prospect.objects.all() if user is None else Prospect.objects.visible_to(user)
    of_card = {"prospect_id": OuterRef("pk")}
    services = ProspectService.objects.filter(**of_card).order_by("service_id")
    team = TeamAssignment.objects.filter(**of_card).order_by("role")
    card = (
        cards.filter(pk=prospect_id)
        .select_related("category", "owner", "company", "campaign", "lead_status")
        .annotate(
            service_ids=ArraySubquery(services.values("service_id")),
            team=ArraySubquery(team.values(part=JSONObject(role=F("role"), user=F("user_id")))),
        )
        .first()
    )
    if card is None:
        raise NotFound("There is no such prospect.")
    return card


def notes_of(card: Prospect) -> Any:
    """The latest notes of a card, newest first."""
    notes = FollowUpNote.objects.filter(prospect_id=card.pk).latest_first()
    return notes.select_related("category", "created_by")[:LATEST_NOTES]


def other_contacts_of(card: Prospect) -> Any:
    """The people of a card beside its primary one, which is the card itself."""
    return Contact.objects.filter(prospect_id=card.pk, is_primary=False).order_by("pk")
