"""The rows that stand beside a card: its contact, notes, team, services, company."""

from __future__ import annotations

import random
from collections.abc import Iterator

from benchmarks.names import NOTES
from benchmarks.people import Team
from prospects.catalogs.models import Service
from prospects.pipeline.bulk import Values
from prospects.pipeline.models import TeamAssignment

COMPANY_TEXTS = ("domain", "industry", "employee_range", "phone", "email", "tax_id")
WITH_TEAM, WITH_SERVICES, WITH_RECHARGE = 0.03, 0.2, 0.6
Row = tuple[str, Values]  # a table and the columns of a row


class CompanionMaker:
    """Makes what hangs on cards, the same for the same seed."""

    def __init__(self, *, team: Team, seed: int) -> None:
        self.team = team
        self.dice = random.Random(seed)
        self.roles = TeamAssignment.Role.values
        self.services = list(Service.objects.order_by("pk").values_list("pk", flat=True))

    def make(self, card: Values) -> Iterator[Row]:
        """Yield the rows of a card that has its id."""
        yield "prospects_contact", contact_of(card)
        yield from self._notes(card)
        yield from self._team(card)
        yield from self._services(card)
        if card["type"] == 2:
            yield "clients_company", self._company(card)

    def _notes(self, card: Values) -> Iterator[Row]:
        """The one note that the card's dates of contact tell of, if any."""
        if card["last_contact_at"] is None:
            return
        note = {
            "tenant_id": card["tenant_id"],
            "prospect_id": card["id"],
            "action": self.dice.choice(("call", "whatsapp", "email", "meeting")),
            "note": self.dice.choice(NOTES),
            "scheduled_at": card["next_contact_at"],
            "created_by_id": card["owner_id"] or self.team.big_rep,
            "created_at": card["last_contact_at"],
        }
        yield "prospects_followupnote", note

    def _team(self, card: Values) -> Iterator[Row]:
        """A part for somebody else; every card of the small rep has a KAE."""
        is_small_reps = card["owner_id"] == self.team.small_rep
        if not is_small_reps and self.dice.random() >= WITH_TEAM:
            return
        row = {
            "tenant_id": card["tenant_id"],
            "prospect_id": card["id"],
            "role": "kae" if is_small_reps else self.dice.choice(self.roles),
            "user_id": self.dice.choice(self.team.others[:8]),
        }
        yield "prospects_teamassignment", row

    def _services(self, card: Values) -> Iterator[Row]:
        if self.dice.random() < WITH_SERVICES:
            for service in self.dice.sample(self.services, k=self.dice.randint(1, 2)):
                row = {"prospect_id": card["id"], "service_id": service}
                yield "prospects_prospectservice", {"tenant_id": card["tenant_id"], **row}

    def _company(self, card: Values) -> Values:
        recharged_at = card["created_at"] if self.dice.random() < WITH_RECHARGE else None
        return {
            "tenant_id": card["tenant_id"],
            "prospect_id": card["id"],
            **dict.fromkeys(COMPANY_TEXTS, ""),
            "balance": self.dice.randint(0, 50_000) if recharged_at else 0,
            "tier": self.dice.choice((None, 0, 0, 1, 1, 2, 3, 4, 5)),
            "first_recharge_at": recharged_at,
            "first_shipment_at": recharged_at if self.dice.random() < 0.8 else None,
        }


def contact_of(card: Values) -> Values:
    """The primary contact of a card: the card's own name, email and phone."""
    first_name, _, last_name = card["name"].partition(" ")
    return {
        "tenant_id": card["tenant_id"],
        "prospect_id": card["id"],
        "is_primary": True,
        "first_name": first_name,
        "last_name": last_name,
        "email": card["email"],
        "phone_code": card["phone_code"],
        "phone": card["phone"],
        "position": "",
        "created_at": card["created_at"],
    }
