"""The people of the working day: 200 who sell and 20 who lead them, with cards of their own."""

from __future__ import annotations

from accounts.tenants.models import Tenant
from accounts.users.models import User
from accounts.users.services import create_user
from benchmarks.bench import NOT_SEEDED
from benchmarks.names import FIRST_NAMES, LAST_NAMES
from benchmarks.people import BIG_REP, PASSWORD, SMALL_REP, find_tenant
from benchmarks.removing import unguarded
from benchmarks.seed import vacuum
from core.embedded.errors import EmbeddedError
from core.tenancy import tenant_scope
from prospects.counts.services import recount

SELLERS, LEADERS = 200, 20
# Every other card of the forty of the seed goes to one of the two hundred.
SHARE_OUT = """
    UPDATE prospects_prospect
    SET owner_id = (%(people)s::bigint[])[1 + abs(hashint8(id)::bigint) %% %(number)s]
    WHERE tenant_id = %(tenant)s AND id %% 2 = 0 AND owner_id <> ALL (%(kept)s)
"""


def prepare_team() -> Tenant:
    """Make the people of the day, unless they are there already, and give them their cards.

    :raises EmbeddedError: nothing is seeded.
    """
    tenant = find_tenant()
    if tenant is None:
        raise EmbeddedError(NOT_SEEDED)
    with tenant_scope(tenant.pk):
        if User.objects.filter(email=f"seller{SELLERS:03}@bench.test").exists():
            return tenant
        sellers = [_create(tenant, "seller", n, User.Role.SALES) for n in range(1, SELLERS + 1)]
        for n in range(1, LEADERS + 1):
            _create(tenant, "leader", n, User.Role.MANAGER)
        _share_out(tenant, sellers)
    vacuum()
    return tenant


def _create(tenant: Tenant, kind: str, number: int, role: str) -> int:
    name = f"{FIRST_NAMES[number % len(FIRST_NAMES)]} {LAST_NAMES[number % len(LAST_NAMES)]}"
    email = f"{kind}{number:03}@bench.test"
    person = create_user(tenant=tenant, name=name, email=email, role=role, password=PASSWORD)
    return int(person.pk)


def _share_out(tenant: Tenant, sellers: list[int]) -> None:
    """Without triggers, which would write a million lines of history that nobody asked for."""
    kept = User.objects.filter(email__in=(SMALL_REP, BIG_REP)).values_list("pk", flat=True)
    values = {"tenant": tenant.pk, "people": sellers, "number": len(sellers), "kept": list(kept)}
    with unguarded() as database:
        database.execute(SHARE_OUT, values)
    recount()
