"""What was asked of the product, and what it answered: the writers' own books."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Outcome(Enum):
    """What a writer knows of a write when it stops asking."""

    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"
    UNSURE = "unsure"  # no answer came, and it could not be sent twice


@dataclass
class Write:
    """One thing that somebody wanted written, once.

    :ivar mark: words that stand in the row, and in no other.
    :ivar row_id: of the row, as answered.
    :ivar tries: how often it was sent; `lost`: how many of them had no answer.
    """

    kind: str
    mark: str
    tenant: str
    outcome: Outcome = Outcome.OPEN
    status: int = 0
    row_id: int = 0
    tries: int = 0
    lost: int = 0


@dataclass
class Ledger:
    """All writes of a run, the faults seen, and states that writers left rows in."""

    writes: list[Write] = field(default_factory=list)
    # What no answer may be, and how often it was one: the first of each kind in full.
    faults: dict[str, str] = field(default_factory=dict)
    times: Counter[str] = field(default_factory=Counter)
    answers: Counter[int] = field(default_factory=Counter)
    unanswered: Counter[str] = field(default_factory=Counter)
    # (table, column, id) → what may stand there now.
    left: dict[tuple[str, str, int], Any] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def open(self, kind: str, mark: str, tenant: str) -> Write:
        write = Write(kind, mark, tenant)
        with self.lock:
            self.writes.append(write)
        return write

    def blame(self, fault: str) -> None:
        """Note something that no answer may be."""
        kind = re.sub(r"\d+|[0-9a-f]{32}", "#", fault)[:120]
        with self.lock:
            self.faults.setdefault(kind, fault)
            self.times[kind] += 1

    def answered(self, status: int) -> None:
        with self.lock:
            self.answers[status] += 1

    def heard_nothing(self, why: str) -> None:
        with self.lock:
            self.unanswered[why] += 1

    def of(self, kind: str) -> Iterator[Write]:
        return (write for write in self.writes if write.kind == kind)

    @property
    def kinds(self) -> list[str]:
        return sorted({write.kind for write in self.writes})
