"""One of the people who write: what they have made so far, and what they do next."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from tests.chaos.calling import Client
from tests.chaos.ledger import Ledger, Outcome, Write


@dataclass
class House:
    """What a tenant starts with."""

    slug: str
    token: str
    pipeline_id: int
    stages: list[int]
    categories: list[int]
    form_key: str


@dataclass
class Desk:
    """Somebody at work. Nobody else touches what they have made."""

    number: int
    house: House
    client: Client
    ledger: Ledger
    seed: int
    step: int = 0
    chance: random.Random = field(default_factory=random.Random)
    # Ids by kind, of what was made and may be used.
    made: dict[str, list[int]] = field(default_factory=dict)

    def next_step(self) -> None:
        """What is drawn in a step depends on the seed and its number, not on what came before."""
        self.step += 1
        self.chance = random.Random(f"{self.seed}/{self.number}/{self.step}")

    def one_of(self, kind: str) -> int | None:
        """Something made before; None while there is none."""
        made = self.made.get(kind)
        return self.chance.choice(made) if made else None

    def open(self, kind: str) -> Write:
        """Begin a write that nobody has ever made."""
        return self.ledger.open(kind, f"{kind}-{self.number}-{self.step}", self.house.slug)

    def make(self, kind: str, path: str, body: Any, **how: Any) -> dict[str, Any] | None:
        """POST to the sales API under a key; keeps the id of what was made."""
        write = self.open(kind)
        sent = {"json": _marked(body, write.mark), **how}
        answer = self.client.write(write, "POST", path, **sent)
        if answer is None:
            return None
        if self.chance.random() < 0.1:
            self.client.same_again(write, "POST", path, answer, **sent)
        data: dict[str, Any] = answer["data"]
        write.row_id = int(data["id"])
        self.made.setdefault(kind, []).append(write.row_id)
        return data

    def turn(self, kind: str, path: str, body: Any = None) -> dict[str, Any] | None:
        """POST that something made is sent, approved, moved …; its answer, or None if refused."""
        write = self.open(kind)
        answer = self.client.write(write, "POST", path, json=_marked(body, write.mark))
        return answer["data"] if answer else None

    def leave(self, place: tuple[str, str, int], value: Any, outcome: Outcome) -> None:
        """Note what must stand somewhere when all is over."""
        if outcome is Outcome.DONE:
            self.ledger.left[place] = {value}
        elif outcome is Outcome.UNSURE:
            self.ledger.left.setdefault(place, set()).add(value)


MARK = "{mark}"


def _marked(body: Any, mark: str) -> Any:
    """A body whose `{mark}` is this write's."""
    if isinstance(body, str):
        return body.replace(MARK, mark)
    if isinstance(body, dict):
        return {name: _marked(value, mark) for name, value in body.items()}
    if isinstance(body, list):
        return [_marked(value, mark) for value in body]
    return body
