"""What must always be true of the data: each leaf registers its checks, commands run them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

Find = Callable[[], Iterator[str]]
Repair = Callable[[], None]


@dataclass(frozen=True)
class IntegrityCheck:
    """One invariant of the tenant acted for: how to find where it is broken, how to mend it."""

    name: str
    find: Find
    repair: Repair | None


_checks: list[IntegrityCheck] = []


def integrity_check(name: str, *, repair: Repair | None = None) -> Callable[[Find], Find]:
    """Register a function that yields a line for every place where an invariant is broken."""

    def register(find: Find) -> Find:
        _checks.append(IntegrityCheck(name, find, repair))
        return find

    return register


def integrity_checks() -> list[IntegrityCheck]:
    """Every registered check, in the order of registration."""
    return list(_checks)
