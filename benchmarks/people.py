"""The tenant that is measured, and who works there."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.tenants.models import Tenant
from accounts.tenants.services import create_tenant
from accounts.users.models import User
from accounts.users.services import create_user
from benchmarks.names import CAMPAIGNS, FIRST_NAMES, LAST_NAMES
from core.tenancy import across_tenants, tenant_scope
from prospects.catalogs.models import AcquisitionCampaign

SLUG = "bench"
PASSWORD = "bench-crm-2026"
MANAGER = "manager@bench.test"
VIEWER = "viewer@bench.test"
SALESPEOPLE = 40
SMALL_REP, BIG_REP = "rep01@bench.test", "rep02@bench.test"


@dataclass(frozen=True)
class Team:
    """The salespeople of the tenant, by id."""

    tenant: Tenant
    small_rep: int  # owns 61 cards and plays no part in others'
    big_rep: int  # owns a fifth of all
    others: list[int]


def find_tenant() -> Tenant | None:
    """The tenant, if it has been seeded."""
    with across_tenants():
        return Tenant.objects.filter(slug=SLUG).first()


def create_team() -> Team:
    """Create the tenant with its manager, viewer and salespeople, and a list of campaigns."""
    with across_tenants():
        admin = create_tenant(
            name="Bench", slug=SLUG, admin_name="Admin", email="admin@bench.test", password=PASSWORD
        )
    tenant = admin.tenant
    assert tenant is not None
    with tenant_scope(tenant.pk):
        _create(tenant, MANAGER, "Mara Gerente", User.Role.MANAGER)
        _create(tenant, VIEWER, "Vito Consulta", User.Role.VIEWER)
        small, big, *others = (_create_rep(tenant, number) for number in range(SALESPEOPLE))
        AcquisitionCampaign.objects.bulk_create(
            AcquisitionCampaign(name=name, position=n) for n, name in enumerate(CAMPAIGNS)
        )
    return Team(tenant=tenant, small_rep=small, big_rep=big, others=others)


def _create_rep(tenant: Tenant, number: int) -> int:
    name = f"{FIRST_NAMES[number]} {LAST_NAMES[number]}"
    return _create(tenant, f"rep{number + 1:02}@bench.test", name, User.Role.SALES)


def _create(tenant: Tenant, email: str, name: str, role: str) -> int:
    user = create_user(tenant=tenant, name=name, email=email, role=role, password=PASSWORD)
    return int(user.pk)
