"""How a proper client asks: a key with each write, and the same again when no answer came."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any

import requests
from requests.exceptions import ConnectionError as NoConnection
from requests.exceptions import ConnectTimeout

from tests.chaos.ledger import Ledger, Outcome, Write

PATIENCE = 30.0  # seconds for one answer: a frozen process wakes up again
GIVES_UP_AFTER = 900.0  # seconds for one write: a busy machine starts everything slowly
AGAIN = (502, 503, 504)
PAUSES = (0.1, 0.2, 0.5, 1.0, 2.0)  # seconds, the last one ever after


class Client:
    """One person's HTTP client."""

    def __init__(self, url: str, token: str, tenant: str, ledger: Ledger) -> None:
        self.url, self.tenant, self.ledger = url, tenant, ledger
        self.headers = {"Authorization": f"Bearer {token}"}
        self.session = requests.Session()
        self.session.trust_env = False

    def write(
        self,
        write: Write,
        method: str,
        path: str,
        *,
        key: bool = True,
        again: bool = True,
        **sent: Any,
    ) -> Any:
        """Have something written; returns what was answered, None when it was not done.

        :param key: whether it carries an Idempotency-Key.
        :param again: whether it may be sent twice.
        """
        headers = {**self.headers, **({"Idempotency-Key": write.mark} if key else {})}
        answer = self._ask(write, method, path, again=again, headers=headers, **sent)
        if answer is None:
            write.outcome = Outcome.UNSURE
            return None
        write.status = answer.status_code
        write.outcome = Outcome.DONE if answer.ok else Outcome.REFUSED
        return answer.json() if answer.ok else None

    def read(self, path: str, **params: Any) -> Any:
        """What stands somewhere, once it is told; None if it is not there."""
        nobody = Write("read", path, self.tenant)
        answer = self._ask(nobody, "GET", path, headers=self.headers, params=params)
        return answer.json() if answer is not None and answer.ok else None

    def same_again(self, write: Write, method: str, path: str, first: Any, **sent: Any) -> None:
        """Send a write that was answered once more: it is answered as it was, and not done."""
        again = self.write(write, method, path, **sent)
        if _id_of(again) != _id_of(first):
            self.ledger.blame(f"{write.kind} {write.mark}: sent again it is another row: {again}")

    def _ask(
        self, write: Write, method: str, path: str, *, again: bool = True, **sent: Any
    ) -> requests.Response | None:
        deadline = time.monotonic() + GIVES_UP_AFTER
        while time.monotonic() < deadline:
            answer = self._once(write, method, path, **sent)
            if answer is not None and not self._is_passing(answer):
                return answer
            if answer is None and not again:
                return None
            if answer is not None and answer.status_code in (500, *AGAIN) and not again:
                return None
            time.sleep(_pause(write.tries, answer))
        self.ledger.blame(f"{write.kind} {write.mark}: no answer in {GIVES_UP_AFTER:.0f} s")
        return None

    def _once(self, write: Write, method: str, path: str, **sent: Any) -> Any:
        write.tries += 1
        try:
            answer = self.session.request(
                method, f"{self.url}{path}", timeout=(5, PATIENCE), **_fresh(sent)
            )
        except requests.RequestException as error:
            self.ledger.heard_nothing(type(error).__name__)
            if not _was_not_sent(error):
                write.lost += 1
                return None
            return _NOT_SENT
        self.ledger.answered(answer.status_code)
        self._judge(write, method, path, answer)
        if answer.status_code >= 500:
            write.lost += 1
        return answer

    def _is_passing(self, answer: Any) -> bool:
        """Whether it would be another answer soon."""
        if answer is _NOT_SENT or answer.status_code in (429, 500, *AGAIN):
            return True
        return answer.status_code == 409 and "still" in answer.text and "running" in answer.text

    def _judge(self, write: Write, method: str, path: str, answer: requests.Response) -> None:
        """Faults are never an answer, and a refusal is in the surface's words."""
        line = f"{write.mark}: {method} {path}: {answer.status_code} {answer.text[:300]}"
        if answer.status_code in (401, 500):
            self.ledger.blame(line)
        elif not answer.ok:
            try:
                is_envelope = "message" in answer.json()
            except ValueError:
                is_envelope = False
            if not is_envelope:
                self.ledger.blame(f"not in an envelope: {line}")


class _NotSent:
    """In place of an answer: nobody took the call."""

    ok, status_code, text = False, 0, ""


_NOT_SENT: Any = _NotSent()


def _was_not_sent(error: Exception) -> bool:
    """Whether nobody listened: then surely nothing was done."""
    if isinstance(error, ConnectTimeout):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(error, NoConnection) and "NewConnectionError" in type(reason).__name__


def _fresh(sent: dict[str, Any]) -> dict[str, Any]:
    """Files are read by sending them: each try has its own."""
    return {name: value() if isinstance(value, Callable) else value for name, value in sent.items()}


def _pause(tries: int, answer: Any) -> float:
    if answer is not None and answer is not _NOT_SENT and "Retry-After" in answer.headers:
        return min(float(answer.headers["Retry-After"]), 10.0)
    return PAUSES[min(tries, len(PAUSES)) - 1] * random.uniform(0.8, 1.2)


def _id_of(answer: Any) -> Any:
    data = answer.get("data", answer) if isinstance(answer, dict) else {}
    return data.get("id", data) if isinstance(data, dict) else data
