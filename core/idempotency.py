"""Done once, however often it is sent: what `Idempotency-Key` promises.

The first answer is stored in the transaction that does the work. A process that dies half-way
leaves neither, and the next try begins anew.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import NamedTuple

from django.db import connection, transaction

from core.errors import DomainError
from core.models import AnsweredRequest
from core.tenancy import current_tenant

KEPT = timedelta(hours=24)


class KeyReused(DomainError):
    """The key was used for something else."""

    code = "idempotency_key_reused"


class StillRunning(DomainError):
    """The first request with this key has not been answered yet."""

    code = "still_running"


class Answer(NamedTuple):
    """What was answered; `version` is its ETag, if it has one.

    :ivar may_pass: it was refused because of what others did at that moment (a deadlock).
    """

    status: int
    body: bytes
    version: str = ""
    may_pass: bool = False

    @property
    def is_kept(self) -> bool:
        """Whether it would be the same again: faults, throttling and deadlocks may pass."""
        return self.status < 500 and self.status != 429 and not self.may_pass


def answer_once(
    *, user_id: int, key: str, fingerprint: str, at: datetime, do: Callable[[], Answer]
) -> tuple[Answer, bool]:
    """Return the first answer to a key, and whether it was given before; `do` makes the first.

    :param fingerprint: of what is asked (method, path and body); the key is good for nothing else.
    :raises KeyReused: something else was asked with the key.
    :raises StillRunning: the first is under way.
    """
    with transaction.atomic():
        if not _hold(user_id, key):
            raise StillRunning("The first request with this Idempotency-Key is still running.")
        mine = AnsweredRequest.objects.filter(user_id=user_id, key=key)
        mine.filter(created_at__lt=at - KEPT).delete()
        known = mine.first()
        if known is None:
            answer = do()
            if answer.is_kept:
                mine.create(
                    user_id=user_id,
                    key=key,
                    fingerprint=fingerprint,
                    created_at=at,
                    status=answer.status,
                    body=answer.body,
                    version=answer.version,
                )
            return answer, False
    if known.fingerprint != fingerprint:
        raise KeyReused("This Idempotency-Key was used for another request.")
    return Answer(known.status, bytes(known.body), known.version), True


def fingerprint_of(*parts: bytes) -> str:
    """Return 64 hexadecimal digits that stand for these bytes."""
    digest = blake2b(digest_size=32)
    for part in parts:
        digest.update(len(part).to_bytes(8) + part)
    return digest.hexdigest()


def _hold(user_id: int, key: str) -> bool:
    """Take the key until the transaction ends; False when somebody else has it."""
    name = f"idempotency:{current_tenant()}:{user_id}:{key}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        return bool(cursor.fetchone()[0])
