"""Which day it is where a tenant is."""

from __future__ import annotations

import zoneinfo
from datetime import date, datetime

from accounts.tenants.models import Tenant
from core.tenancy import current_tenant


def own_today(at: datetime) -> date:
    """Return the day that a moment is of in the time zone of the tenant acted for."""
    zone = Tenant.objects.values_list("time_zone", flat=True).get(pk=current_tenant() or 0)
    return at.astimezone(zoneinfo.ZoneInfo(zone)).date()
