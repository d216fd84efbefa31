"""Bodies that are accepted, each with a row named in one of its fields."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from tests.isolation.asking import Answer
from tests.isolation.fields import Place
from tests.people import Team
from tests.sales.documents.documents_of import HOURS
from tests.test_permissions import TABLE, Line, shape

LINES = {(line.method, shape(line.path)): line for line in TABLE}
# What a field needs, or cannot have, beside it.
TYPES = {
    kind: f"App\\Models\\{name}"
    for kind, name in (("contact", "Contact"), ("deal", "Deal"), ("client", "Company"))
}
ROLE = "csr"
STATIC = {("put", "/api/v1/segments/{}"): "/api/v1/segments/{static_segment}"}
ONE_OF_TWO = ("user_id", "contact_id")


def line_of(place: Place) -> Line:
    """The line of TABLE that says how to ask for it."""
    return LINES[place.method, shape(place.path)]


def path_of(place: Place, rows: Mapping[str, Any]) -> str:
    """Its path, with rows."""
    line = line_of(place)
    return STATIC.get((line.method, shape(line.path)), line.path).format(**rows)


def body_of(place: Place, team: Team) -> Any:
    """A body that is accepted from this team's Alice."""
    line = line_of(place)
    body = line.body(team) if callable(line.body) else line.body
    return {} if body is None else body


def naming(body: Any, place: Place, kind: str, row: Any) -> Any:
    """The same with one field that names a row."""
    made = copy.deepcopy(body)
    sent = made[0] if isinstance(made, list) else made
    name = place.name
    if name in ONE_OF_TWO and place.path.endswith("/attendees"):
        sent.clear()
    if name == "items[].product_id":
        sent["items"] = [{**HOURS, "product_id": row}]
    elif name == "assignments.*":
        sent["assignments"] = {ROLE: row}
    elif name.endswith("[]"):
        sent[name[:-2]] = [row]
    else:
        sent[name] = row
    if name == "activitable_id":
        sent["activitable_type"] = TYPES[kind]
    return made


def is_accepted(answer: Answer) -> bool:
    """Whether all was done: batches say row by row what was not."""
    return answer.status < 300 and b'"errors":[{' not in answer.content
