from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.users.models import User
from core.errors import DomainError
from prospects.partners.models import PartnerData
from prospects.pipeline.models import Prospect
from prospects.pipeline.services import lock_prospect


class NotAPartner(DomainError):
    """Only a card of type partner has partner data."""

    code = "not_a_partner"


@transaction.atomic
def set_partner_data(
    *, prospect_id: int, values: dict[str, Any], seen_by: User | None = None
) -> PartnerData:
    """Keep what is known of a partner; what is not named stays as it was.

    :param values: columns of PartnerData; the first time all but the social network are needed.
    :param seen_by: who writes; None when it is certain that they may.
    :raises NotFound: there is no such live card, or they may not see it.
    :raises NotAllowed: they may only look at it.
    :raises NotAPartner: the card is of another type.
    """
    card = lock_prospect(prospect_id, columns=["type"], seen_by=seen_by)
    if card.type != Prospect.Type.PARTNER:
        raise NotAPartner("This prospect is not a partner.")
    kept, _ = PartnerData.objects.update_or_create(prospect_id=card.pk, defaults=values)
    return kept
