"""One card moved, one note added. Everything is put back afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.bench import Bench, Caller
from benchmarks.figures.conditions import CATEGORY
from benchmarks.measure import Bare, Contest
from benchmarks.removing import unguarded

MOVE = (
    "`PATCH /prospects/{id}/data` with another category: at most 6 × BEGIN, UPDATE of that row, "
    "COMMIT. Both write the product's own table, with its triggers and indexes."
)
NOTE = (
    "`POST /prospects/{id}/notes`: at most 6 × BEGIN, INSERT of the note, COMMIT. Both write the "
    "product's own table, with its triggers and indexes. The door also writes the dates of contact "
    "on the card; beside it a transaction that does both."
)
MOST_CARDS = 100
# Without a note yet, so that we know what to put back.
UNTOUCHED = "p.last_contact_at IS NULL"
UPDATE = """
    UPDATE prospects_prospect SET category_id = %(category)s, category_changed_at = now()
    WHERE id = %(card)s
"""
INSERT = """
    INSERT INTO prospects_followupnote
        (tenant_id, prospect_id, action, note, created_by_id, created_at)
    VALUES (%(tenant)s, %(card)s, 'call', %(note)s, %(me)s, now())
"""
DATES = """
    UPDATE prospects_prospect
    SET first_contact_at = coalesce(first_contact_at, now()), last_contact_at = now()
    WHERE id = %(card)s
"""
TEXT = "Llamada de prueba: piden que les volvamos a marcar la semana que entra."


@dataclass(frozen=True)
class Cards:
    """Cards of one caller, half for the door and half for the bare statement."""

    for_door: list[tuple[int, int]]  # (id, category)
    for_bare: list[tuple[int, int]]

    @property
    def all(self) -> list[tuple[int, int]]:
        return self.for_door + self.for_bare


def moved(bench: Bench) -> Iterator[Contest]:
    for caller in bench.callers:
        yield _moved(bench, caller)


def noted(bench: Bench) -> Iterator[Contest]:
    for caller in bench.callers:
        yield _noted(bench, caller)


def _moved(bench: Bench, caller: Caller) -> Contest:
    cards = cards_of(bench, caller)
    columns = [bench.value(CATEGORY, {"name": name}) for name in ("contacted", "qualified")]

    def door(number: int) -> bytes:
        card, category = next_move(cards.for_door, columns, number)
        body = {"follow_up_id": category}
        return caller.door.send("PATCH", f"/prospects/{card}/data", body)

    return Contest(
        "card moved",
        caller.label,
        door,
        [Bare("UPDATE", 6, lambda number: move_bare(bench, cards, columns, number))],
        finish=lambda: put_back_categories(bench, cards),
    )


def _noted(bench: Bench, caller: Caller) -> Contest:
    cards = cards_of(bench, caller)
    last = bench.value("SELECT coalesce(max(id), 0) FROM prospects_followupnote")

    def door(number: int) -> bytes:
        card, _ = cards.for_door[number % len(cards.for_door)]
        body = {"note": TEXT, "action": "call"}
        return caller.door.send("POST", f"/prospects/{card}/notes", body)

    def bare(number: int) -> None:
        card, _ = cards.for_bare[number % len(cards.for_bare)]
        _transaction(bench, INSERT, bench.params(caller, card=card, note=TEXT))

    def bare_with_dates(number: int) -> None:
        card, _ = cards.for_bare[number % len(cards.for_bare)]
        with bench.database.transaction():
            bench.database.execute(INSERT, bench.params(caller, card=card, note=TEXT))
            bench.database.execute(DATES, {"card": card})

    return Contest(
        "note added",
        caller.label,
        door,
        [Bare("INSERT", 6, bare), Bare("and UPDATE of the card", 0, bare_with_dates)],
        finish=lambda: _remove_notes(bench, cards, last),
    )


def cards_of(bench: Bench, caller: Caller) -> Cards:
    """Some cards that a caller sees and nobody has worked on."""
    where = bench.where(caller, UNTOUCHED)
    sql = f"SELECT p.id, p.category_id FROM prospects_prospect p WHERE {where} ORDER BY p.id"
    found = bench.rows(f"{sql} LIMIT {MOST_CARDS}", bench.params(caller))
    return Cards(found[::2], found[1::2])


def next_move(cards: list[tuple[int, int]], columns: list[int], number: int) -> tuple[int, int]:
    """Which card goes where this time: into another column, the next time round back again."""
    passes, place = divmod(number, len(cards))
    card, own = cards[place]
    other = next(category for category in columns if category != own)
    return card, own if passes % 2 else other


def move_bare(bench: Bench, cards: Cards, columns: list[int], number: int) -> None:
    """The same move of another card, by nothing but its UPDATE."""
    card, category = next_move(cards.for_bare, columns, number)
    _transaction(bench, UPDATE, {"card": card, "category": category})


def _transaction(bench: Bench, sql: str, params: Any) -> None:
    with bench.database.transaction():
        bench.database.execute(sql, params)


def put_back_categories(bench: Bench, cards: Cards) -> None:
    """Give each card the category that it had."""
    for card, category in cards.all:
        bench.database.execute(UPDATE, {"card": card, "category": category})


def _remove_notes(bench: Bench, cards: Cards, last: int) -> None:
    with unguarded() as database:
        ours = "tenant_id = %s AND id > %s AND note = %s"
        database.execute(
            f"DELETE FROM prospects_followupnote WHERE {ours}", [bench.tenant_id, last, TEXT]
        )
        database.execute(
            "UPDATE prospects_prospect SET first_contact_at = NULL, last_contact_at = NULL, "
            "next_contact_at = NULL WHERE id = ANY(%s)",
            [[card for card, _ in cards.all]],
        )
