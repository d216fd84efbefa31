from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.users.models import User
from clients.companies.announcing import tell_created, tell_updated
from clients.companies.models import Company
from core.errors import DomainError, NotFound
from prospects.pipeline.bulk import Values
from prospects.pipeline.deleting import delete_prospect, restore_prospect
from prospects.pipeline.models import Prospect
from prospects.pipeline.services import change_locked, create_prospect, edit_prospect, lock_prospect


class IsClientAlready(DomainError):
    """The card has a company."""

    code = "is_client"


@transaction.atomic
def create_company(
    *, card: Values, details: Values, at: datetime, by: User | None = None
) -> Company:
    """Create a company with its card.

    :param card: columns of the card, `company_name` above all.
    :param details: columns of the company.
    :param by: who creates it, as for create_prospect.
    :raises EmptyProspect: nothing says what it is called.
    """
    made = create_prospect(values=card, at=at, by=by)
    return _add(made, details, at=at)


@transaction.atomic
def become_client(
    *,
    prospect_id: int,
    details: Values,
    at: datetime,
    company_name: str = "",
    seen_by: User | None = None,
) -> Company:
    """Make a prospect a client: its card stays where and what it is, and has a company now.

    The card's type becomes client with the first recharge, shipment or won deal.

    :param details: columns of the company.
    :param company_name: what card and company are called from now on; empty leaves it.
    :param seen_by: who does it; None when it is certain that they may.
    :raises NotFound: there is no such live card, or they may not see it.
    :raises NotAllowed: they may only look at it.
    :raises IsClientAlready: it has a company.
    """
    card = lock_prospect(prospect_id, columns=["company_name", "category_id"], seen_by=seen_by)
    refuse_client(card)
    if company_name:
        change_locked(card, {"company_name": company_name}, at=at)
    return _add(card, details, at=at)


def _add(card: Prospect, details: Values, *, at: datetime) -> Company:
    company: Company = Company.objects.create(prospect=card, created_at=at, **details)
    tell_created(company.pk)
    return company


def refuse_client(card: Prospect) -> None:
    """Refuse a locked card that has a company, or had one that was deleted without it.

    It asks again: what was read with the lock may be from before somebody else let go of it.

    :raises IsClientAlready: it has.
    """
    if Company.all_objects.filter(prospect_id=card.pk).exists():
        raise IsClientAlready("This prospect is a client already.")


@transaction.atomic
def edit_company(
    *,
    company_id: int,
    details: Values,
    at: datetime,
    card: Values | None = None,
    seen_by: User | None = None,
) -> Company:
    """Change columns of a company, and of its card. What is not named stays.

    :param card: columns of the card: what it is called, who looks after it.
    :raises NotFound: there is no such company, or `seen_by` may not see it.
    :raises NotAllowed: `seen_by` may only look at it.
    """
    company = lock_company(company_id, seen_by=seen_by)
    changed = {name: value for name, value in details.items() if getattr(company, name) != value}
    for name, value in changed.items():
        setattr(company, name, value)
    if changed:
        company.save(update_fields=list(changed))
    if card:
        edit_prospect(prospect_id=company.prospect_id, changes=card, at=at)
    if changed or card:
        tell_updated(company.pk)
    return company


@transaction.atomic
def delete_company(*, company_id: int, at: datetime, seen_by: User | None = None) -> None:
    """Delete a company and its card. Both can be restored.

    :raises NotFound: there is no such company, or `seen_by` may not see it.
    :raises NotAllowed: `seen_by` may only look at it.
    """
    company = lock_company(company_id, seen_by=seen_by)
    company.deleted_at = at
    company.save(update_fields=["deleted_at"])
    delete_prospect(prospect_id=company.prospect_id, at=at)


@transaction.atomic
def restore_company(*, company_id: int) -> Company:
    """Bring a deleted company back, and its card.

    :raises NotFound: there is no such deleted company.
    :raises DuplicateProspect: another card has got its card's email, phone or external id.
    """
    company: Company | None = (
        Company.all_objects.select_for_update(of=("self", "prospect"))
        .select_related("prospect")
        .filter(pk=company_id, deleted_at__isnull=False)
        .first()
    )
    if company is None:
        raise NotFound("There is no such deleted client.")
    company.deleted_at = None
    company.save(update_fields=["deleted_at"])
    restore_prospect(prospect_id=company.prospect_id)
    return company


def lock_company(company_id: int, *, seen_by: User | None = None) -> Company:
    """Return a live company; it and its card are locked until the transaction ends.

    :param seen_by: who writes; None when it is certain that they may.
    :raises NotFound: there is no such company, or `seen_by` may not see it.
    :raises NotAllowed: `seen_by` may see it, but not change it.
    """
    refusal = NotFound("There is no such client.")
    prospect_id = Company.objects.filter(pk=company_id).values_list("prospect", flat=True).first()
    if prospect_id is None:
        raise refusal
    try:
        lock_prospect(prospect_id, columns=[], seen_by=seen_by)
    except NotFound as error:
        raise refusal from error
    company: Company | None = Company.objects.select_for_update().filter(pk=company_id).first()
    if company is None:  # deleted while the lock was waited for
        raise refusal
    return company
