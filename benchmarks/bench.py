"""What every measurement works with: the tenant, its callers with their doors, the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

import psycopg

from benchmarks.database import connect, value_of
from benchmarks.doors import Door, Params, sign_in
from benchmarks.people import MANAGER, PASSWORD, SMALL_REP, find_tenant
from benchmarks.servers import serving
from benchmarks.statements import LIVE, MINE
from core.embedded.errors import EmbeddedError

NOT_SEEDED = "there is no tenant to measure: python -m benchmarks seed"


@dataclass(frozen=True)
class Caller:
    """Somebody who is signed in to the product and to the site with the empty view."""

    label: str
    sees_all: bool
    user_id: int
    door: Door
    empty: Door


@dataclass(frozen=True)
class Bench:
    """The surroundings of a run."""

    tenant_id: int
    zone: tzinfo
    cards: int
    callers: list[Caller]
    bare: Door
    database: psycopg.Connection[Any]

    def params(self, caller: Caller, **more: Any) -> Params:
        """The parameters of a bare statement."""
        return {"tenant": self.tenant_id, "me": caller.user_id, **more}

    def where(self, caller: Caller, *conditions: str) -> str:
        """The condition of a bare statement: what the caller may see, and a filter's."""
        return " AND ".join([LIVE, *([] if caller.sees_all else [MINE]), *conditions])

    def rows(self, sql: str, params: Params) -> list[Any]:
        """Run a bare statement."""
        return self.database.execute(sql, params).fetchall()

    def value(self, sql: str, params: Params | None = None) -> Any:
        """Return one value."""
        return value_of(self.database, sql, {"tenant": self.tenant_id, **(params or {})})


@contextmanager
def open_bench(url: str) -> Iterator[Bench]:
    """Sign in at the product and start the two sites of the benchmarks.

    :raises EmbeddedError: no tenant is seeded, or the server has another database than ours.
    """
    tenant = find_tenant()
    if tenant is None:
        raise EmbeddedError(NOT_SEEDED)
    with (
        serving("benchmarks.sites.bare") as bare,
        serving("benchmarks.sites.empty") as empty,
        connect() as database,
    ):
        callers = [
            _sign_in(url, empty, MANAGER, "manager", tenant.pk),
            _sign_in(url, empty, SMALL_REP, "rep with 61 cards", tenant.pk),
        ]
        cards = "SELECT count(*) FROM prospects_prospect WHERE tenant_id = %s"
        total = value_of(database, cards, [tenant.pk])
        yield Bench(tenant.pk, tenant.zone, total, callers, Door(bare), database)


def _sign_in(url: str, empty: str, email: str, label: str, tenant_id: int) -> Caller:
    answer = sign_in(url, email, PASSWORD)
    if answer["tenant"]["id"] != tenant_id:
        raise EmbeddedError(f"{url} has another database than the one named by --data-dir")
    token = answer["token"]
    return Caller(
        label=label,
        sees_all=email == MANAGER,
        user_id=answer["user"]["id"],
        door=Door(url, token),
        empty=Door(empty, token),
    )
