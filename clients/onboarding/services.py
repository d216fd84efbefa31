from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.users.models import User
from clients.companies.models import Company
from clients.companies.services import lock_company
from clients.onboarding.models import Onboarding
from clients.onboarding.querysets import for_onboarding
from clients.onboarding.steps import NOTED, is_shown
from core.errors import InvalidInput


@transaction.atomic
def note_onboarding(
    *,
    company_id: int,
    at: datetime,
    steps: dict[str, bool] | None = None,
    status: str | None = None,
    seen_by: User | None = None,
) -> None:
    """Note which steps a client has taken, and how it goes. What is not named stays.

    :param steps: step → whether it is done. Saying what the data show already changes nothing.
    :param status: one of Onboarding.Status; empty: as the steps say; None leaves it.
    :raises InvalidInput: the data say otherwise of a step.
    :raises NotFound: there is no such company, or `seen_by` may not see it.
    :raises NotAllowed: `seen_by` may only look at it.
    """
    company = lock_company(company_id, seen_by=seen_by)
    noted = _noted(company, steps or {}, at)
    if status is not None:
        noted |= {"status": status, "completed_at": at if status == "completed" else None}
    if noted:
        Onboarding.objects.update_or_create(company=company, defaults=noted)


def _noted(company: Company, steps: dict[str, bool], at: datetime) -> dict[str, Any]:
    """What changes in the columns that staff keep."""
    facts = for_onboarding(Company.objects.filter(pk=company.pk)).get()
    noted: dict[str, Any] = {}
    for key, is_done in steps.items():
        if is_shown(key, facts):
            _refuse(key, "The data show that it is done.", unless=is_done)
        elif key not in NOTED:
            _refuse(key, "It follows from the data.", unless=not is_done)
        elif is_done != bool(facts[NOTED[key]]):
            noted[NOTED[key]] = at if is_done else None
    return noted


def _refuse(key: str, message: str, *, unless: bool) -> None:
    if not unless:
        raise InvalidInput.of(f"steps.{key}", message)
