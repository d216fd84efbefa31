"""Every field of a body and every query parameter that names a row, tried with rows that are not
there for who asks. What is answered is what is answered of a row that nobody has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import pytest

from accounts.users.roles import role_codes
from tests.isolation.asking import Answer, ask
from tests.isolation.bodies import TYPES, body_of, is_accepted, line_of, naming, path_of
from tests.isolation.fields import (
    BY_TYPE,
    IN_BODIES,
    IN_QUERIES,
    NO_LINKS,
    Place,
    fields,
    parameters,
)
from tests.isolation.named import HIDDEN, as_bob, row_of
from tests.isolation.rules import needed_codes
from tests.isolation.stores import contents_of
from tests.isolation.world import UNKNOWN, World, undone
from tests.people import Person
from tests.test_permissions import PLACES

PARTS = 2
# Fields that are not read, whatever they name: nothing is linked.
NOT_READ = {
    "put /api/v1/contracts/{id} quote_id": "Said when it is created.",
    "put /api/v1/invoices/{id} quote_id": "Said when it is created.",
    "put /api/v1/payments/{id} invoice_id": "A payment stays with its invoice.",
}


def linked(table: Mapping[str, tuple[str, ...]], places: list[Place]) -> list[tuple[Place, str]]:
    """Each place with each kind of row that it names."""
    return [(place, kind) for place in places for kind in kinds_of(table, place.name)]


def kinds_of(table: Mapping[str, tuple[str, ...]], name: str) -> list[str]:
    """What a field names rows of."""
    return [*BY_TYPE.get(name, ()), *(kind for kind, names in table.items() if name in names)]


def differing(told: str, answers: dict[str, tuple[Answer, Any]]) -> Iterator[str]:
    """Yield in words which answers are not that of an unknown row."""
    unknown = answers["unknown"][0].about(UNKNOWN)
    for whose, (answer, row) in answers.items():
        if answer.about(row) != unknown:
            yield f"{told} with {whose} row: {answer}, of an unknown one {unknown}"


def wrong_bodies(world: World, place: Place, kind: str) -> Iterator[str]:
    """Name acme's row, as our admin."""
    path, body = path_of(place, world.ours), body_of(place, world.us)
    ours, theirs = row_of(kind, world.us, world.ours), row_of(kind, world.acme, world.theirs)
    yield from _wrong(world.us.ada, place, path, body, kind, ours, {"another tenant's": theirs})


def wrong_bodies_of_bob(world: World, place: Place, kind: str) -> Iterator[str]:
    """Name a row of Alice's that Bob does not see, in what is his."""
    bob = as_bob(world.us)
    names = [name for name in PLACES if f"{{{name}}}" in line_of(place).path]
    own = {name: PLACES[name](bob) for name in names}
    path, body = path_of(place, {**world.ours, **own}), body_of(place, bob)
    ours, hers = row_of(kind, bob, own), row_of(kind, world.us, world.ours)
    yield from _wrong(world.us.bob, place, path, body, kind, ours, {"a colleague's": hers})


def _wrong(
    who: Person, place: Place, path: str, body: Any, kind: str, ours: Any, others: dict[str, Any]
) -> Iterator[str]:
    def send(row: Any) -> Answer:
        with undone():
            return ask(who.client, place.method, path, naming(body, place, kind, row))

    told = f"{place} ({kind})"
    if str(place) in NOT_READ:
        return
    if not is_accepted(accepted := send(ours)):
        yield f"{told} refuses a row of one's own: {accepted}"
    answers = {whose: (send(row), row) for whose, row in {"unknown": UNKNOWN, **others}.items()}
    if is_accepted(answers["unknown"][0]):
        yield f"{told} takes an unknown row: {answers['unknown'][0]}"
    yield from differing(told, answers)


def may(role: str, place: Place, world: World) -> bool:
    return needed_codes(place.method, path_of(place, world.ours)) <= role_codes(role)


def test_every_number_and_id_is_told_what_it_is():
    tables = (*IN_BODIES.values(), *IN_QUERIES.values(), BY_TYPE)
    links = {name for names in tables for name in names}
    none = {name for names in NO_LINKS.values() for name in names.split()}
    found = {place.name for place in (*fields(), *parameters())}
    assert found - links - none == set(), "new ones need a line in fields.py"
    assert (links | none) - found == set(), "these are gone"


class TestEveryFieldOfABody:
    @pytest.mark.parametrize("part", range(PARTS))
    def test_names_no_row_of_another_tenant(self, part, world):
        before = contents_of(world.acme.tenant.pk)
        found: list[str] = []
        for place, kind in linked(IN_BODIES, fields())[part::PARTS]:
            with undone():
                found += wrong_bodies(world, place, kind)
        assert not found, "\n".join(found)
        assert contents_of(world.acme.tenant.pk) == before

    def test_names_no_row_that_a_colleague_hides(self, world):
        found: list[str] = []
        tried = [
            (place, kind)
            for place, kind in linked(IN_BODIES, fields())
            if kind in HIDDEN and may("sales", place, world)
        ]
        for place, kind in tried:
            with undone():
                found += wrong_bodies_of_bob(world, place, kind)
        assert not found, "\n".join(found)
        assert len(tried) > 15


class TestEveryQueryParameter:
    def test_names_no_row_of_another_tenant(self, world):
        found = []
        for place, kind in linked(IN_QUERIES, parameters()):
            theirs = row_of(kind, world.acme, world.theirs)
            found += wrong_query(world, world.us.ada, place, kind, theirs)
        assert not found, "\n".join(found)

    def test_names_no_row_that_a_colleague_hides(self, world):
        found = []
        for place, kind in linked(IN_QUERIES, parameters()):
            if kind in HIDDEN and "{" not in place.path:
                hers = row_of(kind, world.us, world.ours)
                found += wrong_query(world, world.us.bob, place, kind, hers)
        assert not found, "\n".join(found)

    @pytest.mark.parametrize("field", ["owner_id", "company_id"])
    def test_of_a_segment_finds_nobody_by_another_tenants_row(self, world, field):
        """What a condition is about says what its value is."""
        theirs = row_of(kinds_of(IN_QUERIES, field)[0], world.acme, world.theirs)
        answers = {}
        for row in (UNKNOWN, theirs):
            condition = {"field": field, "operator": "=", "value": row}
            sent = {"conditions": [condition]}
            answers[row] = ask(world.us.ada.client, "post", "/api/v1/segments/preview", sent).about(
                row
            )
        assert answers[theirs] == answers[UNKNOWN]
        assert b'"count":0' in answers[theirs].content, answers[theirs]


def wrong_query(world: World, who: Person, place: Place, kind: str, row: Any) -> Iterator[str]:
    """Filter by a row; in words what is answered otherwise than of an unknown one."""
    path = path_of(place, world.ours)

    def get(row: Any) -> Answer:
        more = {"activitable_type": TYPES[kind]} if place.name in BY_TYPE else {}
        query = urlencode({place.name: row, **more})
        return ask(who.client, "get", f"{path}{'&' if '?' in path else '?'}{query}")

    told = f"{place} ({kind})"
    if get(row_of(kind, world.us, world.ours)).status not in (200, 403):
        yield f"{told} cannot be asked"
    yield from differing(told, {"unknown": (get(UNKNOWN), UNKNOWN), "another's": (get(row), row)})
