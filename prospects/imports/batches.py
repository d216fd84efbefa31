"""Batches of the CRM API: rows as JSON objects, checked or created at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from accounts.tenants.models import Tenant
from accounts.users.models import User
from core.retrying import in_transaction
from core.tenancy import TenantNotSet
from prospects.imports.fields import wire_fields
from prospects.imports.known import find_known
from prospects.imports.matching import (
    CREATING,
    PROCESSING,
    Judgement,
    Rule,
    Verdict,
    duplicate_of,
    judge_rows,
)
from prospects.imports.reading import Candidate, Problem, RowReader
from prospects.imports.references import References
from prospects.imports.turns import take_turn
from prospects.pipeline.bulk import insert_cards, new_card
from prospects.pipeline.telling import tell_owners

Row = dict[str, Any]
Answer = dict[str, list[Row]]

# Columns of the card in the words of PATCH, with which a client applies an update.
_WIRE_NAMES = {
    "locale_id": "locale",
    "category_id": "follow_up_id",
    "owner_id": "created_by",
    "weight_range_id": "weight_id",
}
_NO_CATEGORY = Problem("UNKNOWN_CATEGORY", "There is no open category to start in.")


def process_batch(*, rows: Sequence[Row], by: User) -> Answer:
    """Say what would become of each row: new, an update of a card, or an error. Writes nothing."""
    judgements = _judge(_read_batch(rows, References(_tenant_of(by))), by, PROCESSING)
    answer: Answer = {"inserts": [], "updates": [], "errors": []}
    for judgement in judgements:
        given = dict(judgement.row.given)
        if judgement.verdict == Verdict.CREATE:
            answer["inserts"].append(given)
        elif judgement.verdict == Verdict.UPDATE:
            changes = {_WIRE_NAMES.get(k, k): v for k, v in judgement.changes.items()}
            answer["updates"].append({**given, "id": judgement.card_id, "changes": changes})
        else:
            answer["errors"].append(_error(judgement))
    return answer


def create_batch(*, rows: Sequence[Row], by: User, at: datetime) -> Answer:
    """Create the cards of the rows that are valid and new; report the rest, row by row."""
    references = References(_tenant_of(by))
    candidates = _read_batch(rows, references)
    for row in candidates:
        row.values.setdefault("owner_id", by.pk)
        row.values.setdefault("category_id", references.starting_category_id)
        if row.problem is None and row.values["category_id"] is None:
            row.problem = _NO_CATEGORY
    return in_transaction(lambda: _create(candidates, by, at))


def _tenant_of(user: User) -> Tenant:
    if user.tenant is None:
        raise TenantNotSet("Operators have no tenant to import into.")
    return user.tenant


def _create(candidates: list[Candidate], by: User, at: datetime) -> Answer:
    take_turn()
    judgements = _judge(candidates, by, CREATING)
    new = [each for each in judgements if each.verdict == Verdict.CREATE]
    ids = insert_cards(
        [new_card(row.values, category_id=row.values["category_id"], at=at) for row in _rows(new)]
    )
    _tell_owners(new, ids, by, at)
    inserts = [
        {"id": ids[number], "email": row.values.get("email"), "row": row.number}
        for number, row in enumerate(_rows(new))
        if number in ids
    ]
    beaten = [each.row for number, each in enumerate(new) if number not in ids]
    refused = [each for each in judgements if each.verdict != Verdict.CREATE]
    refused += _as_taken(beaten, by)
    refused.sort(key=lambda each: each.row.number)
    return {"inserts": inserts, "errors": [_error(each) for each in refused]}


def _tell_owners(new: list[Judgement], ids: dict[int, int], by: User, at: datetime) -> None:
    """Tell the owners of new cards, but who sent them."""
    owners = {
        ids[number]: row.values["owner_id"]
        for number, row in enumerate(_rows(new))
        if number in ids and row.values["owner_id"] not in (None, by.pk)
    }
    tell_owners(owners, at=at)


def _read_batch(rows: Sequence[Row], references: References) -> list[Candidate]:
    fields = wire_fields(references)
    names = [*fields, "phone", "code"]
    reader = RowReader(
        fields=fields,
        sources={name: name for name in names},
        region=references.tenant.country_code,
        constants={},
    )
    return [_read(number, row, reader) for number, row in enumerate(rows)]


def _read(number: int, row: Row, reader: RowReader) -> Candidate:
    for name in reader.sources:
        if isinstance(row.get(name), bool | dict | list):
            problem = Problem("INVALID_VALUE", f"{name} must be a text or a number.")
            return Candidate(number, row, {}, problem)
    return reader.read(number, row)


def _judge(candidates: list[Candidate], by: User, rule: Rule) -> list[Judgement]:
    usable = [row.values for row in candidates if row.problem is None]
    return judge_rows(candidates, find_known(usable, by), rule, set())


def _as_taken(rows: list[Candidate], by: User) -> list[Judgement]:
    """Rows that somebody who takes no turns beat at the last moment."""
    known = find_known([row.values for row in rows], by)
    return [Judgement(row, Verdict.DUPLICATE, *duplicate_of(row.values, known)) for row in rows]


def _rows(judgements: list[Judgement]) -> list[Candidate]:
    return [each.row for each in judgements]


def _error(judgement: Judgement) -> Row:
    given = judgement.row.given
    error = {
        "row": judgement.row.number,
        "email": _shown(given.get("email")),
        "phone": _shown(given.get("phone")),
        "code": judgement.code,
        "message": judgement.message,
    }
    if judgement.card_id is not None:
        error["existing_id"] = judgement.card_id
    return error


def _shown(value: Any) -> Any:
    return value if isinstance(value, str | int) and not isinstance(value, bool) else None
