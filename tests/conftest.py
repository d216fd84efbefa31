"""People and clients that every test may ask for."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection

from core.api import throttling
from core.tenancy import across_tenants, tenant_scope
from tests.honest_schema import _honest_schema  # noqa: F401
from tests.kept_teams import kept_team
from tests.people import Person, Team


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Give each table ids of its own, as large as a company's: 12,000,001 is no other table's id,
    and a page that writes it as a number, with its commas, into an address is found out.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(seqrelid::regclass, 1000000 * row_number() OVER () + 1, false)"
            " FROM (SELECT seqrelid FROM pg_sequence WHERE seqtypid <> 'smallint'::regtype"
            "       ORDER BY seqrelid::regclass::text) AS numbered"
        )


@pytest.fixture(autouse=True)
def _nothing_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Throttles count in the cache, in windows: each test starts with none counted, and with the
    window, so that none ends while the test counts.
    """
    cache.clear()
    monkeypatch.setattr(throttling, "BEGIN", time.time() % 3600)


@pytest.fixture
def team(db: None) -> Team:
    """Tenant `acme` with an admin, a manager, two salespeople and a viewer."""
    return kept_team("acme")


@pytest.fixture
def rivals(db: None) -> Team:
    """Another tenant with people of its own: the outsiders."""
    return kept_team("rivals")


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
