"""A plan, carried out chunk by chunk: after each the job remembers how far it got."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, OuterRef

from prospects.imports.known import find_known
from prospects.imports.matching import Verdict, duplicate_of
from prospects.imports.models import ImportJob, ImportRow
from prospects.imports.newcomers import create_entries, create_users
from prospects.imports.reading import identifying_keys
from prospects.imports.references import LISTS
from prospects.imports.turns import take_turn
from prospects.pipeline.bulk import (
    FAIL,
    INSERT,
    SKIP,
    Values,
    announce,
    new_card,
    update_cards,
)
from prospects.pipeline.models import Prospect
from prospects.pipeline.people import refresh_people
from prospects.pipeline.services import IDENTITY

CHUNK = 2500

# The rows of the plan are themselves what is inserted. They are named by their ids because the
# planner can count those; of a range of lines in a table that was filled a moment ago it expects
# one row, and then compares each with each.
_PLANNED = """
    SELECT prospect_id AS id, "values"
    FROM prospects_importrow WHERE id = ANY(%(ids)s::bigint[])
"""
_CREATE, _CREATE_REST = (
    f"WITH {INSERT.format(source=_PLANNED, on_conflict=on_conflict)} SELECT id FROM card"
    for on_conflict in (FAIL, SKIP)
)
_REFUSE = """
    UPDATE prospects_importrow AS planned
    SET verdict = new.verdict, code = new.code, message = new.message, prospect_id = new.card_id
    FROM jsonb_to_recordset(%s) AS new (
        id bigint, verdict text, code text, message text, card_id bigint
    )
    WHERE planned.id = new.id
"""
# So that it can be undone. A new category brings its own date.
_KEEP_BEFORE = """
    UPDATE prospects_importrow AS planned
    SET before = (
        SELECT jsonb_object_agg(name, to_jsonb(card) -> name)
        FROM jsonb_object_keys(
            planned.values || CASE WHEN planned.values ? 'category_id'
                THEN '{"category_changed_at": null}'::jsonb ELSE '{}'::jsonb END
        ) AS name
    )
    FROM prospects_prospect AS card
    WHERE planned.id = ANY(%s) AND card.id = planned.prospect_id
      AND card.tenant_id = planned.tenant_id
"""
_REPLACE_ID = """
    UPDATE prospects_importrow SET "values" = jsonb_set("values", %(path)s, to_jsonb(%(real)s))
    WHERE job_id = %(job_id)s AND ("values"->>%(column)s)::bigint = %(reserved)s
"""

Refusal = dict[str, Any]


class _Chunk(NamedTuple):
    """The next rows of a job that write something, by their ids, and the last one's line."""

    job: ImportJob
    creates: list[int]
    updates: list[int]
    last_line: int


def create_newcomers(job: ImportJob) -> None:
    """Create the list entries and users that the plan announced."""
    for field, entries in job.new_entries.items():
        if field == "owner":
            replaced = create_users(entries, job.tenant)
        else:
            replaced = create_entries(entries, LISTS[field], job.tenant)
        for reserved, real in replaced.items():
            _replace_id(job, f"{field}_id", reserved, real)


def apply_chunk(job: ImportJob, at: datetime) -> bool:
    """Write the next rows of a job that is locked. Returns False when none are left."""
    chunk = _next_chunk(job)
    if chunk is None:
        return False
    take_turn()
    _commit_without_waiting()
    refusals = _create(chunk, at) if chunk.creates else []
    if chunk.updates:
        refusals += _update(chunk, at)
    _refuse(job, refusals)
    job.rows_applied += len(chunk.creates) + len(chunk.updates) - len(refusals)
    job.applied_to_line = chunk.last_line
    job.save(update_fields=["rows_applied", "applied_to_line", "counts"])
    return True


def _commit_without_waiting() -> None:
    """Let the next chunk begin before the disk has this one.

    If the power fails, the last chunks are lost together with the job's note that they were
    written, and are written again. The commit that ends the job waits for all of them.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")


def _next_chunk(job: ImportJob) -> _Chunk | None:
    writing = job.rows.filter(
        verdict__in=(Verdict.CREATE, Verdict.UPDATE), line__gt=job.applied_to_line
    )
    rows = list(writing.order_by("line").values_list("pk", "verdict", "line")[:CHUNK])
    if not rows:
        return None
    ids = {
        verdict: [pk for pk, each, _ in rows if each == verdict]
        for verdict in (Verdict.CREATE, Verdict.UPDATE)
    }
    return _Chunk(job, ids[Verdict.CREATE], ids[Verdict.UPDATE], rows[-1][2])


def _create(chunk: _Chunk, at: datetime) -> list[Refusal]:
    """Insert the new cards; return the rows whose email, phone or external id is taken by now."""
    # Each row names its category.
    defaults = new_card({}, category_id=0, at=at)
    params: dict[str, Any] = {
        "tenant_id": chunk.job.tenant_id,
        "ids": chunk.creates,
        "defaults": orjson.dumps(defaults, default=str).decode(),
    }
    created = _insert(params)
    announce(created)
    if len(created) == len(chunk.creates):
        return []
    written = Prospect.objects.filter(pk=OuterRef("prospect_id"))
    beaten = ImportRow.objects.filter(~Exists(written), pk__in=chunk.creates)
    rows = dict(beaten.values_list("pk", "values"))
    known = find_known(rows.values(), chunk.job.created_by)
    return [
        _refusal(pk, Verdict.DUPLICATE, *duplicate_of(values, known)) for pk, values in rows.items()
    ]


def _insert(params: dict[str, Any]) -> list[int]:
    """Insert the cards that nothing stands in the way of; return their ids.

    It is tried first as if that were all of them: there is a reason to look beforehand only where
    somebody wrote the same card after the plan.
    """
    with connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(_CREATE, params)
                return [pk for (pk,) in cursor.fetchall()]
        except IntegrityError as error:
            if type(error.__cause__).__name__ != "UniqueViolation":
                raise
        cursor.execute(_CREATE_REST, params)
        return [pk for (pk,) in cursor.fetchall()]


def _update(chunk: _Chunk, at: datetime) -> list[Refusal]:
    """Change the known cards; return the rows that cannot be applied any more."""
    planned = ImportRow.objects.filter(pk__in=chunk.updates)
    rows = list(planned.values_list("pk", "prospect_id", "values"))
    refusals = _outdated(rows, chunk.job.created_by)
    refused = {each["id"] for each in refusals}
    changes = {}
    for pk, card_id, values in rows:
        if pk not in refused:
            if "category_id" in values:
                values.setdefault("category_changed_at", at)
            changes[card_id] = values
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_BEFORE, [[pk for pk, *_ in rows if pk not in refused]])
    update_cards(changes)
    refresh_people([pk for pk, values in changes.items() if values.keys() & IDENTITY])
    return refusals


def _outdated(rows: Iterable[tuple[int, int | None, Values]], by: Any) -> list[Refusal]:
    """The rows whose card was deleted, or whose email or phone was taken, since the plan."""
    cards = Prospect.objects.filter(pk__in=[card_id for _, card_id, _ in rows])
    # Locked in one order, so that two writers of many cards do not wait for each other.
    locked = cards.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True)
    alive = set(locked)
    known = find_known([values for *_, values in rows], by)
    refusals = []
    for pk, card_id, values in rows:
        if card_id not in alive:
            message = "The prospect was deleted before the import was applied."
            refusals.append(_refusal(pk, Verdict.ERROR, "PROSPECT_GONE", message, None))
        elif any(card["id"] != card_id for _, card in known.matches(identifying_keys(values))):
            refusals.append(_refusal(pk, Verdict.DUPLICATE, *duplicate_of(values, known)))
    return refusals


def _refusal(pk: int, verdict: str, code: str, message: str, card_id: int | None) -> Refusal:
    verdict = str(verdict)
    return {"id": pk, "verdict": verdict, "code": code, "message": message, "card_id": card_id}


def _refuse(job: ImportJob, refusals: list[Refusal]) -> None:
    """Give rows their new verdict and count them by it (the job is not saved)."""
    if not refusals:
        return
    ids = [each["id"] for each in refusals]
    for verdict in ImportRow.objects.filter(pk__in=ids).values_list("verdict", flat=True):
        job.counts[verdict] -= 1
    for each in refusals:
        job.counts[each["verdict"]] += 1
    with connection.cursor() as cursor:
        cursor.execute(_REFUSE, [orjson.dumps(refusals).decode()])


def _replace_id(job: ImportJob, column: str, reserved: int, real: int) -> None:
    """Let rows refer to what somebody else created under another id than the reserved one."""
    params: dict[str, Any] = {"job_id": job.pk, "column": column, "path": [column]}
    with connection.cursor() as cursor:
        cursor.execute(_REPLACE_ID, {**params, "reserved": reserved, "real": real})
