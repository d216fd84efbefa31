"""Cards are deleted softly: invisible at every door, restorable in the back office."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.users.models import User
from core.errors import DomainError, NotFound
from prospects.contacts.keeping import kept_people, refuse_kept
from prospects.contacts.models import Contact
from prospects.pipeline.bulk import update_cards
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
    """Delete a card with its people; what else hangs on it is seen with it only.

    :param seen_by: who does it; None when it is certain that they may.
    :raises NotFound: there is no such live card, or they may not see it.
    :raises NotAllowed: they may only look at it.
    :raises IsClient: it has a company.
    :raises HasDocuments: there are documents with one of its people.
    """
    card = lock_prospect(prospect_id, columns=["deleted_at"], seen_by=seen_by)
    if Prospect.objects.of_clients().filter(pk=card.pk).exists():
        raise IsClient("This prospect is a client: delete its company.")
    card.deleted_at = at
    card.save(update_fields=["deleted_at"])
    people = Contact.objects.filter(prospect_id=card.pk)
    ids = list(people.order_by("pk").values_list("pk", flat=True))
    people.update(deleted_at=at)
    refuse_kept(ids)


@transaction.atomic
def delete_prospects(*, prospect_ids: Collection[int], at: datetime) -> int:
    """Delete cards with their people, but none that has a company, or documents with one of them.

    Returns how many went.

    The caller has made sure that they may be deleted.
    """
    prospects = Prospect.objects.filter(pk__in=prospect_ids)
    prospects = prospects.exclude(pk__in=Prospect.objects.of_clients().values("pk"))
    locked = prospects.select_for_update(of=("self",)).order_by("pk")
    ids = _without_documents(list(locked.values_list("pk", flat=True)))
    update_cards({pk: {"deleted_at": at} for pk in ids})
    Contact.objects.filter(prospect_id__in=ids).update(deleted_at=at)
    return len(ids)


def _without_documents(prospect_ids: list[int]) -> list[int]:
    """Return those of locked cards whose people, who are locked now too, may go."""
    people = Contact.objects.filter(prospect_id__in=prospect_ids).order_by("pk")
    cards = dict(people.select_for_update().values_list("pk", "prospect_id"))
    kept = {cards[pk] for pk in kept_people(cards)}
    return [pk for pk in prospect_ids if pk not in kept]


@transaction.atomic
def restore_prospect(*, prospect_id: int) -> Prospect:
    """Bring a deleted card back, with the people who went with it.

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
    deleted_at, card.deleted_at = card.deleted_at, None
    try:
        with transaction.atomic():
            card.save(update_fields=["deleted_at"])
    except IntegrityError as error:
        if type(error.__cause__).__name__ != "UniqueViolation":
            raise
        raise duplicate_of({name: getattr(card, name) for name in KEYS}, card) from error
    went_with_it = Contact.all_objects.filter(prospect_id=card.pk, deleted_at=deleted_at)
    went_with_it.update(deleted_at=None)
    return card
