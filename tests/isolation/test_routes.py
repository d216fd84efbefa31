"""Every route whose path names a row, tried with rows that are not there for who asks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.isolation.asking import ask
from tests.isolation.deleted import ITSELF, NEVER, WITH_ITS_HOLDER
from tests.isolation.rules import (
    ANOTHER_TENANTS,
    COLLEAGUES,
    DELETED,
    ELSEWHERE,
    UNKNOWN,
    WITHOUT_HOLDER,
    expected,
)
from tests.isolation.stores import contents_of
from tests.isolation.world import HANG_ON, HOLDERS, PUBLIC, World, unknown
from tests.test_permissions import PLACES, TABLE, Line

NAMES = re.compile(r"{(\w+)}")
LINES = [line for line in TABLE if set(NAMES.findall(line.path)) - PUBLIC]
ROLES = {"ada": "admin", "mona": "manager", "alice": "sales", "bob": "sales", "victor": "viewer"}
PARTS = 4  # so that several processes share the work


def rows_of(name: str, line: Line, world: World, person: str) -> dict[str, Any]:
    """The rows that are not there for a person, by whose they are; first one that nobody has."""
    rows = {UNKNOWN: unknown(world.ours[name]), ANOTHER_TENANTS: world.theirs[name]}
    if person == "bob":
        return rows | {COLLEAGUES: world.ours[name]}
    if len(NAMES.findall(line.path)) > 1 and name in HOLDERS:
        rows[ELSEWHERE] = world.others[name]
    gone = {DELETED: world.deleted, WITHOUT_HOLDER: world.without_holder}
    return rows | {how: went[name] for how, went in gone.items() if name in went}


def wrongs(line: Line, world: World) -> Iterator[str]:
    """Yield what is answered as it should not be: each name of the path in turn is no row of ours,
    the others are."""
    body = line.body(world.us) if callable(line.body) else line.body
    for person, role in ROLES.items():
        for name in NAMES.findall(line.path):
            if person == "bob" and (line.roles["colleague"] != 404 or name in HANG_ON):
                continue  # he sees the row, or not even what it hangs on
            said = None
            for whose, pk in rows_of(name, line, world, person).items():
                path = line.path.format(**{**world.ours, name: pk})
                answer = ask(getattr(world.us, person).client, line.method, path, body)
                told = f"{line.method} {path} ({whose} {name}) as {person}: {answer.status}"
                if answer.status != (status := expected(line.method, path, role)):
                    yield f"{told}, not {status}"
                if answer.names_theirs:
                    yield f"{told} names what is acme's"
                said = said or answer.about(pk)
                if whose != ELSEWHERE and answer.about(pk) != said:
                    yield f"{told} {answer.content[:200]!r} is not as of an unknown one: {said}"


class TestEveryRoute:
    def test_has_a_deleted_row_or_a_reason_why_not(self):
        named = {name for line in LINES for name in NAMES.findall(line.path)} - PUBLIC
        assert named - {*ITSELF, *WITH_ITS_HOLDER, *NEVER} == set()
        assert {*ITSELF, *WITH_ITS_HOLDER, *NEVER} <= {*PLACES}

    @pytest.mark.parametrize("part", range(PARTS))
    def test_says_of_others_rows_what_it_says_of_unknown_ones(self, part, world):
        before = contents_of(world.acme.tenant.pk)
        found = [wrong for line in LINES[part::PARTS] for wrong in wrongs(line, world)]
        assert not found, "\n".join(found)
        assert contents_of(world.acme.tenant.pk) == before

    def test_says_nothing_to_strangers(self, world):
        for line in LINES:
            path = line.path.format(**world.theirs)
            answer = ask(APIClient(), line.method, path)
            assert (answer.status, answer.names_theirs) == (expected("", path, None), False), line
