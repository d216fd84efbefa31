"""The file that is imported, and the same cards as COPY reads them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone

from accounts.tenants.models import Tenant
from accounts.users.models import User
from benchmarks.bench import Bench
from benchmarks.cards import CardMaker
from benchmarks.companions import contact_of
from benchmarks.copying import copy_text
from benchmarks.people import Team
from core.tenancy import tenant_scope
from prospects.pipeline.bulk import Values
from prospects.pipeline.models import FollowUpCategory

SEED = 2
FAR_FROM_SEEDED = 1_000_000  # numbers whose emails and phones nobody has, and ids
NEW, REPEATED = 4, 5  # of five rows the last repeats a card of the database or of the file
KNOWN = """
    SELECT name, company_name, email, phone_code, phone FROM prospects_prospect
    WHERE tenant_id = %(tenant)s AND deleted_at IS NULL AND id %% 5 = 0
    ORDER BY id LIMIT %(number)s
"""
LAST_CARD = "SELECT coalesce(max(id), 0) FROM prospects_prospect"
COLUMNS = {
    "Nombre": "name",
    "Empresa": "company_name",
    "Correo": "email",
    "Lada": "phone_code",
    "Teléfono": "phone",
    "Canal": "channel",
    "Valor": "account_value",
    "Envíos mensuales": "monthly_shipments",
    "Cierre estimado": "estimated_close_date",
    "Categoría": "category",
    "Vendedor": "owner",
}


@dataclass(frozen=True)
class Rows:
    """A file on disk, and what COPY reads to store the cards that are new in it."""

    path: Path
    number: int
    created: int
    cards: tuple[list[str], str]  # columns, rows
    contacts: tuple[list[str], str]


def write_file(bench: Bench, path: Path, number: int) -> Rows:
    """Write a CSV of `number` valid rows; one in five has the email and phone of another."""
    with tenant_scope(bench.tenant_id):
        cards = [*_new_cards(bench, number * NEW // REPEATED)]
        _write(path, _mixed(cards, _known(bench, number - len(cards))))
    contacts = [contact_of(card) for card in cards]
    return Rows(path, number, len(cards), _as_copy(cards), _as_copy(contacts))


def _as_copy(rows: list[Values]) -> tuple[list[str], str]:
    return list(rows[0]), copy_text(rows)


def _new_cards(bench: Bench, number: int) -> Iterator[Values]:
    tenant = Tenant.objects.get(pk=bench.tenant_id)
    reps = list(User.objects.filter(role=User.Role.SALES).order_by("pk").values_list("pk", flat=1))
    team = Team(tenant=tenant, small_rep=reps[0], big_rep=reps[1], others=reps[2:])
    maker = CardMaker(team=team, total=bench.cards, seed=SEED, at=timezone.now())
    first_id = bench.value(LAST_CARD) + FAR_FROM_SEEDED
    for n in range(number):
        card = maker.make(bench.cards + FAR_FROM_SEEDED + n)
        yield {"id": first_id + n, "tenant_id": bench.tenant_id, **card}


def _known(bench: Bench, number: int) -> list[Values]:
    names = ("name", "company_name", "email", "phone_code", "phone")
    rows = bench.rows(KNOWN, {"tenant": bench.tenant_id, "number": number})
    return [dict(zip(names, row, strict=True)) for row in rows]


def _mixed(cards: list[Values], known: list[Values]) -> Iterator[Values]:
    """Four new rows, then one that the database knows or that came a while ago, in turns."""
    for place, card in enumerate(cards, start=1):
        yield card
        if place % NEW == 0:
            repeat = place // NEW
            yield known[repeat % len(known)] if repeat % 2 else cards[place // 2]


def _write(path: Path, rows: Iterator[Values]) -> None:
    categories = dict(FollowUpCategory.objects.values_list("pk", "label"))
    owners = dict(User.objects.values_list("pk", "email"))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for row in rows:
            row = {
                **row,
                "category": categories.get(row.get("category_id")),
                "owner": owners.get(row.get("owner_id")),
            }
            writer.writerow([row.get(name) for name in COLUMNS.values()])
