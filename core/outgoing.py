"""What other people's servers answer, read without trusting them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

KEPT_OF_ANSWER = 2000  # characters
READ_OF_ANSWER = 64 * 1024  # bytes: whatever else it says is not ours to hold in memory
LONGEST_WAIT = timedelta(days=1)


@dataclass(frozen=True)
class Answer:
    """What came back: `status` is None when nothing did, and `text` then says why."""

    status: int | None
    text: str
    retry_after: timedelta | None = None

    @classmethod
    def none(cls, error: BaseException) -> Answer:
        """Nothing came back, for this reason."""
        return cls(None, f"{type(error).__name__}: {error}"[:KEPT_OF_ANSWER])

    @property
    def has_arrived(self) -> bool:
        """Whether the service has taken what was sent, whatever its answer looks like."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_final(self) -> bool:
        """Whether sending the same again would be refused again."""
        is_busy = self.status in (408, 425, 429)
        return self.status is not None and 300 <= self.status < 500 and not is_busy


def start_of(pieces: Iterable[bytes], breaks: type[Exception] | tuple[type[Exception], ...]) -> str:
    """An answer's beginning as text; one that breaks off is what has come until then.

    :param breaks: what reading raises when the connection is lost.
    """
    read = b""
    try:
        for piece in pieces:
            read += piece
            if len(read) >= READ_OF_ANSWER:
                break
    except breaks:
        pass  # the status line has said what matters
    return read.decode("utf-8", "replace").replace("\x00", "")[:KEPT_OF_ANSWER]


def read_retry_after(value: str) -> timedelta | None:
    """Read `Retry-After`: seconds or a date; at most a day, None when it says neither."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(timedelta(seconds=min(int(value), 10**6)), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    wait = moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)
    return min(max(wait, timedelta(0)), LONGEST_WAIT)
