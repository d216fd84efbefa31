"""In which currency a tenant counts unless it says so."""

from __future__ import annotations

from accounts.tenants.models import Tenant
from core.tenancy import current_tenant


def own_currency() -> str:
    """Return the currency of the tenant acted for."""
    return Tenant.objects.values_list("currency", flat=True).get(pk=current_tenant() or 0)
