"""A board of the back office as its scripts ask for it."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from tests.people import Person
from tests.staff import signed_in


class Board:
    """A board in somebody's browser."""

    def __init__(self, name: str, person: Person | Client, **query: Any) -> None:
        self.name, self.query = name, query
        self.browser = person if isinstance(person, Client) else signed_in(person.user)

    def page(self) -> Any:
        """The page itself."""
        answer = self.browser.get(reverse(f"admin:{self.name}"), self.query)
        assert answer.status_code == 200, answer.content
        return answer

    def columns(self) -> dict[str, Any]:
        """What the page shows, by the columns' names."""
        return {column.name: column for column in self.page().context["columns"]}

    def titles(self) -> dict[str, list[str]]:
        """The titles of the cards in each column that has some."""
        return {
            name: [card.title for card in column.cards]
            for name, column in self.columns().items()
            if column.cards
        }

    def sync(self, **shown: Any) -> Any:
        """What changed since the page was as `shown` says."""
        url = reverse(f"admin:{self.name}_sync", query=self.query or None)
        return self.browser.post(url, shown, content_type="application/json")

    def move(self, pk: int, column: int, **more: Any) -> Any:
        """Drop a card."""
        url = reverse(f"admin:{self.name}_move", args=(pk,))
        return self.browser.post(url, {"column": column, **more}, content_type="application/json")

    def listed(self, column: Any) -> Any:
        """The list that a column's count opens."""
        answer = self.browser.get(column.rows)
        assert answer.status_code == 200, column.rows
        return answer.context["cl"]
