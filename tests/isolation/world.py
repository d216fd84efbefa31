"""Two tenants with a row of every kind: acme's, which nobody else may learn of, and our own.

Every row comes from PLACES, where tests/test_permissions.py makes them for its paths; a route
whose path names something new is swept without a line here.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from tests.isolation.deleted import ITSELF, WITH_ITS_HOLDER, delete_each, delete_holders
from tests.kept_teams import kept_team
from tests.people import Team
from tests.test_permissions import PLACES

# Made right after what they hang on: their makers look for the newest one.
HANG_ON = {"note": "prospect", "attendee": "event", "delivery": "told"}
HOLDERS = set(HANG_ON.values())
PUBLIC = {"token", "postal_code", "form_key", "picture"}  # whoever has the address may look
UNKNOWN = 999_999_999
UNKNOWN_UUID = str(uuid.UUID(int=UNKNOWN))

Rows = dict[str, Any]


@dataclass(frozen=True)
class World:
    """`acme` is never to be reached; `us` try."""

    acme: Team
    us: Team
    theirs: Rows
    ours: Rows
    others: Rows  # of ours, too
    deleted: Rows  # ours once
    without_holder: Rows  # the same: they went with what they hung on


def make_rows(team: Team, names: Iterable[str] = PLACES) -> Rows:
    """A row for each name, and for what hangs on it."""
    rows: Rows = {}
    for name in names:
        if name not in {*HANG_ON, *PUBLIC}:
            rows[name] = PLACES[name](team)
            rows |= {one: PLACES[one](team) for one, of in HANG_ON.items() if of == name}
    return rows


def make_world() -> World:
    """Both tenants, what was ours once, and what is theirs and ours: names may be unique."""
    acme, us = kept_team("acme"), kept_team("rivals")
    deleted = delete_each(us, make_rows(us, {*ITSELF, "only_pipeline"}))
    without_holder = delete_holders(us, make_rows(us, {*WITH_ITS_HOLDER, *HOLDERS}))
    others = {name: PLACES[name](us) for name in HOLDERS}
    return World(acme, us, make_rows(acme), make_rows(us), others, deleted, without_holder)


def unknown(like: Any) -> Any:
    """An id that nothing has, of the kind of another."""
    return UNKNOWN_UUID if isinstance(like, uuid.UUID) else UNKNOWN


@contextmanager
def undone() -> Iterator[None]:
    """Take back whatever is done inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
