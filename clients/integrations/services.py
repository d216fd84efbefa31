from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.users.models import User
from clients.companies.services import lock_company
from clients.integrations.models import Integration
from core.errors import NotFound

Values = dict[str, Any]


@transaction.atomic
def add_integration(
    *, company_id: int, values: Values, at: datetime, seen_by: User | None = None
) -> Integration:
    """Add a shop or system to a client. Connected ones are so from `at`, unless they say.

    :raises NotFound: there is no such company, or `seen_by` may not see it.
    :raises NotAllowed: `seen_by` may only look at it.
    """
    company = lock_company(company_id, seen_by=seen_by)
    return _save(Integration(company=company), values, at)


@transaction.atomic
def edit_integration(
    *, integration_id: int, values: Values, at: datetime, seen_by: User | None = None
) -> Integration:
    """Change columns of an integration; what is not named stays.

    :raises NotFound: there is none of a live company, or `seen_by` may not see it.
    :raises NotAllowed: `seen_by` may only look at it.
    """
    return _save(_lock(integration_id, seen_by), values, at)


@transaction.atomic
def remove_integration(*, integration_id: int, seen_by: User | None = None) -> Integration:
    """Delete an integration; errors are those of edit_integration."""
    integration = _lock(integration_id, seen_by)
    Integration.objects.filter(pk=integration.pk).delete()
    return integration


def _lock(integration_id: int, seen_by: User | None) -> Integration:
    """Lock the company, then read what may have changed while that was waited for."""
    rows = Integration.objects.filter(pk=integration_id)
    refusal = NotFound("There is no such integration.")
    company_id = rows.values_list("company", flat=True).first()
    if company_id is None:
        raise refusal
    try:
        lock_company(company_id, seen_by=seen_by)
    except NotFound as error:
        raise refusal from error
    integration: Integration | None = rows.first()
    if integration is None:
        raise refusal
    return integration


def _save(integration: Integration, values: Values, at: datetime) -> Integration:
    for name, value in values.items():
        setattr(integration, name, value)
    if integration.status == Integration.Status.CONNECTED and integration.connected_at is None:
        integration.connected_at = at
    integration.save()
    return integration
