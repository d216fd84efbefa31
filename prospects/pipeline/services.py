from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from accounts.users.models import User
from core.errors import DomainError
from prospects.pipeline.announcing import tell_moved
from prospects.pipeline.bulk import Values, insert_cards, new_card, starting_category_id
from prospects.pipeline.locking import lock_prospect
from prospects.pipeline.models import Prospect, ProspectService, TeamAssignment
from prospects.pipeline.people import refresh_people
from prospects.pipeline.telling import tell_owners, tell_team

KEYS = frozenset(("email", "phone_code", "phone", "external_id"))
IDENTITY = frozenset(("company_name", "name", "email", "phone_code", "phone"))


class DuplicateProspect(DomainError):
    """Another live card of the tenant has this email, phone or external id."""

    code = "duplicate"


class EmptyProspect(DomainError):
    """A card needs a name, company, email, phone or external id."""

    code = "EMPTY_ROW"
    status = 400


@transaction.atomic
def create_prospect(*, values: Values, at: datetime, by: User | None = None) -> Prospect:
    """Create one card with its primary contact.

    :param values: normalised columns of the card; `category_id` may be left out.
    :param by: who creates it: an owner who is somebody else is told; None tells nobody.
    :raises EmptyProspect: nothing says who it is.
    :raises DuplicateProspect: email, phone or external id belong to another card.
    """
    if not any(values.get(name) for name in (*IDENTITY, "external_id")):
        raise EmptyProspect("A prospect needs a name, a company, an email or a phone.")
    card = new_card(values, category_id=starting_category_id(), at=at)
    inserted = insert_cards([card])
    if not inserted:
        raise duplicate_of(values, None)
    if by is not None and card["owner_id"] not in (None, by.pk):
        tell_owners({inserted[0]: card["owner_id"]}, at=at)
    return Prospect.objects.get(pk=inserted[0])


@transaction.atomic
def edit_prospect(
    *,
    prospect_id: int,
    changes: Values,
    at: datetime,
    assignments: dict[str, int | None] | None = None,
    service_ids: Iterable[int] | None = None,
    seen_by: User | None = None,
) -> Prospect:
    """Change columns of a card; a new category counts from `at`. What is not named stays.

    Who is its owner now, or has a part in its team, is told.

    :param assignments: who plays which part (assign_team).
    :param service_ids: all the services that it is interested in; None leaves them.
    :param seen_by: who writes, as for lock_prospect.
    :raises NotFound: there is no such live card, or they may not see it.
    :raises NotAllowed: they may only look at it.
    :raises DuplicateProspect: email or phone belong to another card.
    """
    card = lock_prospect(prospect_id, columns=changes, seen_by=seen_by)
    change_locked(card, changes, at=at)
    has_new_team = assign_team(prospect_id=card.pk, assignments=assignments or {}, at=at)
    has_new_services = service_ids is not None and set_services(
        prospect_id=card.pk, service_ids=service_ids
    )
    if has_new_team or has_new_services:  # they are part of what somebody read of the card
        Prospect.objects.filter(pk=card.pk).update(updated_at=at)
    return card


def change_locked(card: Prospect, changes: Values, *, at: datetime) -> None:
    """Change columns of a card that this transaction has locked, as edit_prospect does."""
    changed = {name: value for name, value in changes.items() if getattr(card, name) != value}
    if "category_id" in changed:
        changed["category_changed_at"] = at
    for name, value in changed.items():
        setattr(card, name, value)
    if changed:
        _save(card, changed)
    if "category_id" in changed:
        tell_moved([card.pk])
    if IDENTITY & changed.keys():
        refresh_people([card.pk])
    if changed.get("owner_id") is not None:
        tell_owners({card.pk: changed["owner_id"]}, at=at)


def _save(card: Prospect, changed: Values) -> None:
    # After a refusal the key that is taken is looked up: that needs a savepoint to go back to.
    try:
        with transaction.atomic(savepoint=not KEYS.isdisjoint(changed)):
            _write(card.pk, changed)
    except IntegrityError as error:
        if type(error.__cause__).__name__ != "UniqueViolation":
            raise
        raise duplicate_of({"email": card.email, "phone": card.phone}, card) from error


def _write(prospect_id: int, changed: Values) -> None:
    fields: list[Any] = [Prospect._meta.get_field(name) for name in changed]
    sets = ", ".join(f"{field.column} = %s" for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE prospects_prospect SET {sets} WHERE id = %s", [*changed.values(), prospect_id]
        )


def duplicate_of(values: Values, card: Prospect | None) -> DuplicateProspect:
    """Say which key is taken."""
    others = Prospect.objects.exclude(pk=card.pk) if card else Prospect.objects.all()
    for name in ("email", "phone", "external_id"):
        value = values.get(name)
        if value and others.filter(**{name: value}).exists():
            message = "Another prospect has this value."
            return DuplicateProspect(f"{name}: {message}", fields={name: [message]})
    return DuplicateProspect("Another prospect has this email, phone or external id.")


def assign_team(*, prospect_id: int, assignments: dict[str, int | None], at: datetime) -> bool:
    """Set who plays which part; None clears it, parts that are not named stay as they are.

    Returns whether that changes anything.
    """
    if not assignments:
        return False
    team = TeamAssignment.objects.filter(prospect_id=prospect_id)
    known = dict(team.values_list("role", "user_id"))
    given = {}
    for role, user_id in assignments.items():
        if user_id is None:
            team.filter(role=role).delete()
        elif known.get(role) != user_id:
            TeamAssignment.objects.update_or_create(
                prospect_id=prospect_id, role=role, defaults={"user_id": user_id}
            )
            given[role] = user_id
    tell_team(prospect_id, given, at=at)
    return bool(given) or any(role in known for role, user_id in assignments.items() if not user_id)


def set_services(*, prospect_id: int, service_ids: Iterable[int]) -> bool:
    """Set the services that a prospect is interested in; return whether that changes anything."""
    wanted = set(service_ids)
    interests = ProspectService.objects.filter(prospect_id=prospect_id)
    known = set(interests.values_list("service_id", flat=True))
    interests.filter(service_id__in=known - wanted).delete()
    ProspectService.objects.bulk_create(
        ProspectService(prospect_id=prospect_id, service_id=pk) for pk in sorted(wanted - known)
    )
    return wanted != known


def acting_author(by: Any) -> User | None:
    """Return who signs what is written: an operator belongs to no tenant and signs nothing."""
    return by if by is not None and by.tenant_id is not None else None
