"""Cards written many at a time, by one statement: the only place that inserts or bulk-updates them.

Rows come as JSON objects whose keys are columns of the card. PostgreSQL turns them into rows by
itself (jsonb_populate_record), so that a batch, a file and a single card share every line of this.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import orjson
from django.db import connection, models

from core.tenancy import current_tenant
from prospects.pipeline.announcing import tell_moved
from prospects.pipeline.models import FollowUpCategory, Prospect
from prospects.pipeline.searching import derived_texts
from prospects.pipeline.signals import prospects_created

Values = dict[str, Any]

# Kept by the database or by the statements below.
_NOT_GIVEN = {"id", "tenant_id"}
_COLUMNS = [str(f.column) for f in Prospect._meta.concrete_fields if f.column not in _NOT_GIVEN]
_LIST = ", ".join(_COLUMNS)

# `source` is a relation (id, values): the id that the card is to have and its columns as JSON;
# `defaults` holds the columns that all of them share. `on_conflict` says what becomes of a card
# whose email, phone or external id a live card has: SKIP leaves it out, at the price of one more
# look into every unique index for every card; FAIL raises IntegrityError.
SKIP, FAIL = "ON CONFLICT DO NOTHING", ""
INSERT = f"""
    source AS MATERIALIZED ({{source}}),
    base AS MATERIALIZED (
        SELECT jsonb_populate_record(NULL::prospects_prospect, %(defaults)s::jsonb) AS record
    ),
    card AS (
        INSERT INTO prospects_prospect (id, tenant_id, {_LIST})
        SELECT source.id, %(tenant_id)s, {", ".join(f"record.{name}" for name in _COLUMNS)}
        FROM source, base, jsonb_populate_record(base.record, source.values) AS record
        {{on_conflict}}
        RETURNING id, name, email, phone_code, phone, created_at
    ),
    person AS (
        INSERT INTO prospects_contact
            (tenant_id, prospect_id, is_primary, first_name, last_name, email, phone_code, phone,
             position, created_at)
        SELECT %(tenant_id)s, id, true, split_part(name, ' ', 1),
               ltrim(substr(name, length(split_part(name, ' ', 1)) + 1)),
               email, phone_code, phone, '', created_at
        FROM card WHERE name > '' OR email > '' OR phone > ''
    )
"""
RESERVE_ID = "nextval('prospects_prospect_id_seq')"
_GIVEN = f"""
    SELECT {RESERVE_ID} AS id, (pair->>0)::int AS "row", pair->1 AS "values"
    FROM jsonb_array_elements(%(rows)s) AS pair
"""


def _default_of(field: models.Field) -> Any:
    """Return what stands in a column that nobody fills: '' for text, null for the rest."""
    if field.has_default():
        return field.get_default()
    return "" if isinstance(field, models.CharField | models.TextField) else None


_DEFAULTS: Values = {
    str(f.column): _default_of(f) for f in Prospect._meta.concrete_fields if f.column in _COLUMNS
}


def starting_category_id() -> int:
    """Return the id of the category in which a card starts when nobody says otherwise."""
    return int(FollowUpCategory.objects.first_open().pk)


def new_card(values: Values, *, category_id: int, at: datetime) -> Values:
    """Return every column of a new card: what is given, the defaults, and what derives from them.

    :param values: normalised columns (email lower-cased, phone split in phone_code and phone).
    :param category_id: where it starts when `values` do not say.
    :param at: now; `created_at` may say otherwise.
    """
    card = {**_DEFAULTS, "category_id": category_id, "created_at": at, **values, "updated_at": at}
    card.setdefault("category_changed_at", None)
    card["category_changed_at"] = card["category_changed_at"] or card["created_at"]
    phone = f"+{card['phone_code']}{card['phone']}" if card["phone"] else ""
    person = (card["name"], card["email"], phone)
    return {**card, **derived_texts(company_name=card["company_name"], people=[person])}


def insert_cards(cards: Sequence[Values]) -> dict[int, int]:
    """Insert complete cards (see new_card) with their primary contacts, in one statement.

    Returns the id of each by its number in `cards`. A card whose email, phone or external id a
    live card has already is not inserted and is missing in the answer.
    """
    if not cards:
        return {}
    sql = (
        f"WITH {INSERT.format(source=_GIVEN, on_conflict=SKIP)} "
        'SELECT source."row", card.id FROM card JOIN source USING (id)'
    )
    with connection.cursor() as cursor:
        rows = as_json(enumerate(cards))
        cursor.execute(sql, {"tenant_id": current_tenant(), "defaults": "{}", "rows": rows})
        inserted = dict(cursor.fetchall())
    announce(list(inserted.values()))
    return inserted


def announce(prospect_ids: list[int]) -> None:
    """Tell whoever cares that these cards are new; call it in the transaction that made them."""
    if prospect_ids:
        prospects_created.send(sender=Prospect, prospect_ids=prospect_ids)


def update_cards(changes: dict[int, Values]) -> None:
    """Change columns of many cards, in one statement; what a card's changes do not name stays.

    A new category counts from `category_changed_at`, which the caller gives with it. Whoever
    changes what a person is called or reached by calls refresh_people afterwards.
    """
    names = [name for name in _COLUMNS if any(name in change for change in changes.values())]
    if not names:
        return
    sql = f"""
        UPDATE prospects_prospect AS card
        SET {", ".join(f"{n} = (g.given).{n}" for n in names)}
        FROM (
            SELECT old.id, jsonb_populate_record(old, pair->1) AS given
            FROM jsonb_array_elements(%(rows)s) AS pair
            JOIN prospects_prospect AS old ON old.id = (pair->>0)::bigint
            WHERE old.tenant_id = %(tenant_id)s
        ) AS g
        WHERE card.id = g.id
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, {"tenant_id": current_tenant(), "rows": as_json(changes.items())})
    tell_moved([pk for pk, change in changes.items() if "category_id" in change])


def as_json(pairs: Iterable[tuple[int, Values]]) -> str:
    """Return [[number, values], …] as PostgreSQL reads it."""
    return orjson.dumps([list(pair) for pair in pairs], default=str).decode()
