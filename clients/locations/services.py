from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.users.models import User
from clients.companies.models import Company
from core.errors import NotFound
from prospects.locations.models import Location
from prospects.locations.services import add_location


@transaction.atomic
def add_client_location(*, company_id: int, values: dict[str, Any], seen_by: User) -> Location:
    """Note a place of a client: it hangs on the client's card (add_location).

    :raises NotFound: there is no such client, or `seen_by` may not see it.
    :raises NotAllowed: they may only look at it.
    """
    refusal = NotFound("There is no such client.")
    prospect_id = Company.objects.filter(pk=company_id).values_list("prospect", flat=True).first()
    if prospect_id is None:
        raise refusal
    try:
        return add_location(prospect_id=prospect_id, values=values, seen_by=seen_by)
    except NotFound as error:
        raise refusal from error
