"""Examinations: each looks at one thing and says where it is not as it should be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """Something that is not as it should be.

    :ivar where: the tenant's slug, or `` for what concerns the installation.
    :ivar what: what was seen, in a sentence.
    :ivar repair: the command that mends it, or what a person has to do.
    """

    where: str
    what: str
    repair: str


Look = Callable[[], Iterator[Finding]]


@dataclass(frozen=True)
class Examination:
    """One thing to look at."""

    name: str
    look: Look


_examinations: list[Examination] = []


def examination(name: str) -> Callable[[Look], Look]:
    """Register a function that yields what is not as it should be. It acts for every tenant."""

    def register(look: Look) -> Look:
        _examinations.append(Examination(name, look))
        return look

    return register


def examine() -> Iterator[tuple[Examination, list[Finding]]]:
    """Look at everything, one after the other; what cannot be looked at is a finding, too."""
    for each in _examinations:
        try:
            yield each, list(each.look())
        except Exception as error:
            what = f"cannot be looked at: {type(error).__name__}: {error}"
            yield each, [Finding("", what, "mend what stands above, then look again")]
