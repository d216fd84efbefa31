"""Doors and bare statements, taken in turns; what counts are the medians."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

Work = Callable[[int], object]  # is given the number of the round
WARM_UP = 5


@dataclass(frozen=True)
class Bare:
    """Something that the door may take `factor` times as long as."""

    label: str
    factor: float
    work: Work


def _nothing(*args: object) -> None:
    """No clearing up."""


def _no_remarks() -> list[str]:
    return []


@dataclass(frozen=True)
class Contest:
    """One figure as one caller: the door may take as long as all of `bare` with their factors.

    The first of `bare` is what the ratio is told against. None of `after_each`, `after_round` and
    `finish` is timed.
    """

    title: str
    caller: str
    door: Work
    bare: list[Bare]
    rounds: int | None = None  # where each takes minutes
    after_each: Callable[[], object] = _nothing
    after_round: Callable[[], object] = _nothing
    finish: Callable[[], object] = _nothing
    remarks: Callable[[], list[str]] = field(default=_no_remarks)


@dataclass(frozen=True)
class Result:
    """Medians in milliseconds."""

    contest: Contest
    rounds: int
    door: float
    bare: list[float]
    remarks: list[str]

    @property
    def ratio(self) -> float:
        return self.door / self.bare[0]

    @property
    def allowed(self) -> float:
        """The most that the door may take."""
        pairs = zip(self.contest.bare, self.bare, strict=True)
        return sum(bare.factor * took for bare, took in pairs)

    @property
    def passes(self) -> bool:
        return self.door <= self.allowed


def measure(contest: Contest, rounds: int) -> Result:
    """Run the rounds of a contest; those of the warm-up are dropped."""
    rounds, warm_up = contest.rounds or rounds, 0 if contest.rounds else WARM_UP
    works = [contest.door, *(bare.work for bare in contest.bare)]
    times: list[list[float]] = [[] for _ in works]
    try:
        for number in range(warm_up + rounds):
            took = _round(works, number, contest.after_each)
            if number >= warm_up:
                for each, seconds in zip(times, took, strict=True):
                    each.append(seconds * 1000)
            contest.after_round()
    finally:
        contest.finish()
    door, *bare = map(statistics.median, times)
    return Result(contest, rounds, door, bare, contest.remarks())


def _round(works: list[Work], number: int, after_each: Callable[[], object]) -> list[float]:
    """Time each once; every other round in the opposite order. Returns seconds."""
    took = [0.0] * len(works)
    order = range(len(works))
    for position in reversed(order) if number % 2 else order:
        began = time.perf_counter()
        works[position](number)
        took[position] = time.perf_counter() - began
        after_each()
    return took
