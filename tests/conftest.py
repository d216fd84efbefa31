"""People and clients that every test may ask for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from core.tenancy import across_tenants, tenant_scope
from tests.people import Person, Team, make_team


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Throttles count in the cache; each test starts with none."""
    cache.clear()


@pytest.fixture
def team(db: None) -> Team:
    """Tenant `acme` with an admin, a manager, two salespeople and a viewer."""
    return make_team("acme")


@pytest.fixture
def rivals(db: None) -> Team:
    """Another tenant with people of its own: the outsiders."""
    return make_team("rivals")


@pytest.fixture
def in_tenant(team: Team) -> Iterator[Team]:
    """Act for `acme` inside the test."""
    with tenant_scope(team.tenant.pk):
        yield team


@pytest.fixture
def everyone() -> Iterator[None]:
    """Act for every tenant inside the test."""
    with across_tenants():
        yield


__all__ = ["Person", "Team"]
