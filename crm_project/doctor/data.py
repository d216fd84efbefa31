"""What must always be true of the data, as `check_integrity` proves it."""

from __future__ import annotations

from collections.abc import Iterator

from accounts.models import Tenant
from core.checks import integrity_checks
from core.tenancy import tenant_scope
from crm_project.doctor.examining import Finding, examination

SHOWN = 3  # examples of each


@examination("the data agree with themselves")
def integrity() -> Iterator[Finding]:
    """Kept counts, balances, numbers, stages: whatever a leaf has registered."""
    for tenant in Tenant.objects.order_by("pk"):
        for check in integrity_checks():
            with tenant_scope(tenant.pk):
                lines = list(check.find())
            if lines:
                more = f" and {len(lines) - SHOWN:,} more" if len(lines) > SHOWN else ""
                what = f"{check.name}: {'; '.join(lines[:SHOWN])}{more}"
                yield Finding(tenant.slug, what, _repair(tenant, is_mended=bool(check.repair)))


def _repair(tenant: Tenant, *, is_mended: bool) -> str:
    command = f"python manage.py check_integrity --tenant {tenant.slug}"
    if is_mended:
        return f"{command} --repair"
    return f"no command does: `{command}` lists them; their history says how they came about"
