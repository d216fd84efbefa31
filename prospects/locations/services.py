from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.users.models import User
from core.errors import NotFound
from prospects.locations.models import Location
from prospects.pipeline.services import lock_prospect

Values = dict[str, Any]


@transaction.atomic
def add_location(*, prospect_id: int, values: Values, seen_by: User | None = None) -> Location:
    """Note a place of a card.

    :param values: name, link and type.
    :param seen_by: who writes; None when it is certain that they may.
    :raises NotFound: there is no such live card, or they may not see it.
    :raises NotAllowed: they may only look at it.
    """
    card = lock_prospect(prospect_id, columns=[], seen_by=seen_by)
    return Location.objects.create(prospect_id=card.pk, **values)


@transaction.atomic
def change_location(
    *,
    location_id: int,
    values: Values,
    of_client: bool | None = None,
    seen_by: User | None = None,
) -> Location:
    """Change what is named of a place.

    :param of_client: whether its card must have a company; None for either.
    :param seen_by: who writes; None when it is certain that they may.
    :raises NotFound: there is no such place, or they may not see its card.
    :raises NotAllowed: they may only look at it.
    """
    location = _lock(location_id, of_client, seen_by)
    for name, value in values.items():
        setattr(location, name, value)
    location.save(update_fields=list(values))
    return location


@transaction.atomic
def remove_location(
    *, location_id: int, of_client: bool | None = None, seen_by: User | None = None
) -> Location:
    """Delete a place for good; returns what it was.

    Parameters and errors are those of change_location.
    """
    location = _lock(location_id, of_client, seen_by)
    Location.objects.filter(pk=location.pk).delete()
    return location


def _lock(location_id: int, of_client: bool | None, seen_by: User | None) -> Location:
    """Lock a place's card and then the place: the order in which everybody takes them."""
    places = Location.objects.filter(pk=location_id)
    if of_client is not None:
        places = places.of_clients(of_client)
    refusal = NotFound("There is no such location.")
    prospect_id = places.values_list("prospect_id", flat=True).first()
    if prospect_id is None:
        raise refusal
    try:
        lock_prospect(prospect_id, columns=[], seen_by=seen_by)
    except NotFound as error:  # in the same words: whether it is there is not theirs to know
        raise refusal from error
    location: Location | None = (
        Location.objects.select_for_update().filter(pk=location_id, prospect_id=prospect_id).first()
    )
    if location is None:  # removed while the lock was waited for
        raise refusal
    return location
