"""What the ids of the figures are called."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.users.models import User
from analytics.dashboard.figures import Figures
from analytics.leads.models import Lead
from prospects.catalogs.models import Content
from prospects.pipeline.models import Prospect

NAME_COLUMNS = ("pk", "company_name", "name", "email")


@dataclass(frozen=True)
class Names:
    """Names of people, products and cards by their ids."""

    people: dict[int, str]
    contents: dict[int, str]
    cards: dict[int, str]

    def person(self, pk: int | None) -> str:
        """The name of a user; "" for nobody."""
        return "" if pk is None else self.people.get(pk, "")

    @staticmethod
    def record_type(number: int) -> str:
        return str(Lead.RecordType(number).label)


def find_names(figures: Figures) -> Names:
    """Look up the names of everything that figures mention."""
    owners = {row.key for row in figures.by_owner} | {row.owner_id for row in figures.active}
    return Names(
        people=person_names({*owners, *figures.executives}),
        contents=dict(Content.objects.values_list("pk", "name")),
        cards=card_names([row.prospect_id for row in figures.active]),
    )


def person_names(ids: set[int | None]) -> dict[int, str]:
    """The names of users, of those without one the email."""
    people = User.objects.filter(pk__in=ids - {None}).only("pk", "name", "email")
    return {person.pk: str(person) for person in people}


def card_names(ids: list[int]) -> dict[int, str]:
    """What cards are called: their company, else their person."""
    cards = Prospect.objects.filter(pk__in=ids).only(*NAME_COLUMNS)
    return {card.pk: str(card) for card in cards}
