"""Demo cards that somebody typed in twice, as it happens: to be found and merged."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta

from accounts.users.models import User
from clients.merging.services import merge_prospects
from prospects.card_contacts.services import add_contact
from prospects.followups.services import add_note
from prospects.pipeline.bulk import Values
from prospects.pipeline.models import Prospect
from prospects.pipeline.services import create_prospect

HOW_MANY = 8  # pairs; one of them is merged already


def add_duplicates(*, at: datetime, owners: Sequence[User]) -> None:
    """Give some cards a twin that says the same in other words."""
    known = Prospect.objects.filter(type=Prospect.Type.PROSPECT, phone__gt="")
    pairs = []
    for number, card in enumerate(known.order_by("pk")[:HOW_MANY]):
        owner = card.owner or owners[0]
        values = {**_twin(card, number), "owner_id": owner.pk, "channel": "expo"}
        twin = create_prospect(values=values, at=at - timedelta(days=number))
        add_note(
            prospect_id=twin.pk,
            note="Preguntó por tarifas en la expo.",
            by=owner,
            at=at - timedelta(hours=number + 1),
        )
        _name_the_same_person(card, twin, number, at)
        pairs.append((card, twin, owner))
    if pairs:
        card, twin, owner = pairs[-1]
        merge_prospects(prospect_id=card.pk, from_id=twin.pk, fields={}, by=owner, at=at)


def _twin(card: Prospect, number: int) -> Values:
    """The same company or person, written differently."""
    words = card.company_name.split()
    domain = card.email.partition("@")[2]
    ways: tuple[Values, ...] = (
        {"company_name": f"{' '.join(words[:2]).upper()} SA DE CV", "name": "Recepción"},
        {"name": _plain(card.name).lower(), "email": f"ventas{number}@otra{number}.example"},
        {"company_name": _plain(" ".join(words[:2])), "email": f"compras{number}@{domain}"},
        {"company_name": f"{' '.join(words[:2])}, S. de R.L.", "name": card.name},
    )
    return ways[number % len(ways)]


def _name_the_same_person(card: Prospect, twin: Prospect, number: int, at: datetime) -> None:
    """On every other twin the person of the card is one more contact, by their phone."""
    if number % 2 == 0:
        person = {"first_name": card.name.split()[0], "phone_code": card.phone_code}
        values = {**person, "phone": card.phone}
        add_contact(prospect_id=twin.pk, values=values, by=None, at=at)


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in folded if not unicodedata.combining(letter))
