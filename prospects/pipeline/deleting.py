"""Cards are deleted softly: invisible at every door, restorable in the back office."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.users.models import User
from core.errors import DomainError, NotFound
from prospects.pipeline.models import Prospect
from prospects.pipeline.services import KEYS, duplicate_of, lock_prospect


class IsClient(DomainError):
    """A client is deleted and restored as a company: its card goes and comes with it."""

    code = "is_client"


class WasMerged(DomainError):
    """The card went into another one."""

    code = "merged"


@transaction.atomic
def delete_prospect(*, prospect_id: int, at: datetime, seen_by: User | None = None) -> None:
    """Delete a card, with all that hangs on it.

    :param seen_by: who does it; None when it is certain that they may.
    :raises NotFound: there is no such live card, or they may not see it.
    :raises NotAllowed: they may only look at it.
    :raises IsClient: it has a company.
    """
    card = lock_prospect(prospect_id, columns=["deleted_at"], seen_by=seen_by)
    if Prospect.objects.of_clients().filter(pk=card.pk).exists():
        raise IsClient("This prospect is a client: delete its company.")
    card.deleted_at = at
    card.save(update_fields=["deleted_at"])


@transaction.atomic
def restore_prospect(*, prospect_id: int) -> Prospect:
    """Bring a deleted card back, with all that hangs on it.

    :raises NotFound: there is no such deleted card.
    :raises WasMerged: it went into another card.
    :raises IsClient: its company was deleted with it.
    :raises DuplicateProspect: another card has got its email, phone or external id meanwhile.
    """
    deleted = Prospect.all_objects.filter(pk=prospect_id, deleted_at__isnull=False)
    card: Prospect | None = deleted.select_for_update().first()
    if card is None:
        raise NotFound("There is no such deleted prospect.")
    if card.merged_into_id:
        raise WasMerged("This prospect was merged into another one.")
    if Prospect.all_objects.of_clients(deleted=True).filter(pk=card.pk).exists():
        raise IsClient("This prospect was a client: restore its company.")
    card.deleted_at = None
    try:
        with transaction.atomic():
            card.save(update_fields=["deleted_at"])
    except IntegrityError as error:
        if type(error.__cause__).__name__ != "UniqueViolation":
            raise
        raise duplicate_of({name: getattr(card, name) for name in KEYS}, card) from error
    return card
