"""What may be done to a campaign, and when."""

from __future__ import annotations

from core.errors import NotFound
from sales.documents.states import Move, WrongState
from sales.mass_mail.models import Campaign

S = Campaign.Status
EDIT = Move("edited", (S.DRAFT, S.SCHEDULED))
DELETE = Move("deleted", (S.DRAFT,))
SCHEDULE = Move("scheduled", (S.DRAFT, S.SCHEDULED), S.SCHEDULED)
SEND = Move("sent", (S.DRAFT, S.SCHEDULED), S.SENDING)
PAUSE = Move("paused", (S.SENDING,), S.PAUSED)
RESUME = Move("resumed", (S.PAUSED,), S.SENDING)
CANCEL = Move("cancelled", (S.SCHEDULED, S.SENDING, S.PAUSED), S.CANCELLED)


def lock_campaign(campaign_id: int, move: Move) -> Campaign:
    """Return a campaign, locked, of which something may be done in the state that it is in.

    :raises NotFound: there is no such campaign.
    :raises WrongState: naming the state, and those in which it could.
    """
    rows = Campaign.objects.select_for_update(of=("self",)).select_related("segment", "tenant")
    campaign: Campaign | None = rows.filter(pk=campaign_id).first()
    if campaign is None:
        raise NotFound("There is no such campaign.")
    if campaign.status not in move.sources:
        allowed = " or ".join(move.sources)
        raise WrongState(
            f"This campaign is {campaign.status} and cannot be {move.done}: "
            f"only {allowed} ones can."
        )
    return campaign
