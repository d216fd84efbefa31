"""Who invented cards are."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Collection

from benchmarks import names
from prospects.pipeline.bulk import Values

PHONES = 70_000_000


class Identities:
    """Names, and emails and phones that no other number has."""

    def __init__(self, *, dice: random.Random, rare_numbers: Collection[int]) -> None:
        self.dice = dice
        self.rare_numbers = rare_numbers  # those that the rare search finds

    def make(self, number: int) -> Values:
        """Return the columns that say who card `number` is."""
        dice = self.dice
        first, last = dice.choice(names.FIRST_NAMES), dice.choice(names.LAST_NAMES)
        mailbox = _plain(f"{first}.{last}{number}")
        return {
            "company_name": self._company(number),
            "name": f"{first} {last} {dice.choice(names.LAST_NAMES)}",
            "email": f"{mailbox}@{dice.choice(names.MAIL_WORDS)}.example.com",
            "phone_code": "52",
            # 37 has no factor in common with the number of phones: none comes twice
            "phone": f"55{10_000_000 + number * 37 % PHONES}",
        }

    def _company(self, number: int) -> str:
        # Three of fifty: the 6 % that the common search finds.
        trade = "Grupo" if number % 50 in (7, 23, 41) else self.dice.choice(names.TRADES)
        if number in self.rare_numbers:
            trade = "Xochipilli"
        proper, form = self.dice.choice(names.PROPER_NAMES), self.dice.choice(names.LEGAL_FORMS)
        return f"{trade} {proper} {form}".strip()


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return decomposed.encode("ascii", "ignore").decode()
