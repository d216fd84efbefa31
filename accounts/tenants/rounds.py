"""Going round the tenants: what beat runs for each of them."""

from __future__ import annotations

import logging
from collections.abc import Callable

from accounts.tenants.models import Tenant
from core.tenancy import across_tenants, tenant_scope

log = logging.getLogger(__name__)


def for_each_tenant(do: Callable[[], int | None], *, with_inactive: bool = False) -> int:
    """Run `do` acting for one tenant after the other. Returns the sum of what it returns.

    What fails for one is logged and does not keep the others waiting.
    """
    with across_tenants():
        tenants = Tenant.objects.all() if with_inactive else Tenant.objects.filter(is_active=True)
        ids = list(tenants.order_by("pk").values_list("pk", flat=True))
    total = 0
    for tenant_id in ids:
        try:
            with tenant_scope(tenant_id):
                total += do() or 0
        except Exception:
            log.exception("the round failed for tenant %s", tenant_id)
    return total
