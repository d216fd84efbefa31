"""Requests made up from the schema, each sent by every kind of caller."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.fuzz.callers import EMAILS, Callers
from tests.fuzz.known import Known

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = {GenerationMode.POSITIVE: 4, GenerationMode.NEGATIVE: 2}  # of each operation, each round
ORDER = ("get", "put", "patch", "post", "delete")
PATIENCE = 60  # seconds for one answer
ENDS_SESSION = "auth_logout"
NOWHERE = "https://hooks.invalid/told"  # webhooks of ours call nobody


class Fuzz:
    """What was asked, and what was answered wrongly: by operation and kind of failure, once."""

    def __init__(self, url: str, callers: Callers, seed: int) -> None:
        self.url, self.callers, self.seed, self.known = url, callers, seed, Known(seed)
        self.sent = 0
        self.statuses: dict[int, int] = {}
        self.failures: dict[tuple[str, str], str] = {}
        self.schema = schemathesis.openapi.from_url(f"{url}/api/schema?format=json")
        found = [each.ok() for each in self.schema.get_all_operations()]
        self.operations = sorted(found, key=lambda each: ORDER.index(each.method.lower()))

    def go_on_until(self, end: float) -> int:
        """Try every operation once, then again while there is time; the number of rounds.

        :param end: by the monotonic clock, in seconds.
        """
        for number in itertools.count(1):
            self._go_round(number, is_over=partial(_is_over, end if number > 1 else math.inf))
            if _is_over(end):
                return number
        raise AssertionError("nobody counts so far")

    def _go_round(self, number: int, is_over: Callable[[], bool]) -> None:
        for operation in self.operations:
            for mode, most in EXAMPLES.items():
                if is_over():
                    return
                for case in cases(operation, mode, most, f"{self.seed}-{number}"):
                    self.ask(operation, case, mode)

    def ask(self, operation: Any, case: Any, mode: GenerationMode) -> None:
        """Send a request as everybody in turn."""
        self._place(operation, case, mode)
        for role in self.roles(operation):
            is_last = operation_id(operation) == ENDS_SESSION
            headers = self.callers.headers_of(role, is_last=is_last)
            answer = case.call(
                base_url=self.url,
                session=self.callers.session,
                headers=headers,
                timeout=PATIENCE,
                allow_redirects=False,
            )
            self.sent += 1
            self.statuses[answer.status_code] = self.statuses.get(answer.status_code, 0) + 1
            self._judge(operation, case, answer, role)

    def roles(self, operation: Any) -> Iterator[str]:
        """Who tries it."""
        schemes = {name for each in operation.definition.raw.get("security", ()) for name in each}
        yield "stranger"
        if "cron" in schemes:
            yield "cron"
        if schemes:
            yield from EMAILS

    def _place(self, operation: Any, case: Any, mode: GenerationMode) -> None:
        """Have it be about something that is there, and nothing that would end the test."""
        name = operation_id(operation)
        case.path_parameters = self.known.in_path(operation.path, dict(case.path_parameters or {}))
        if mode is GenerationMode.POSITIVE:
            case.body = self.known.in_body(case.body)
        if name == "users_deactivate" and case.path_parameters["id"] in self.callers.ids:
            case.path_parameters = {"id": 0}
        if name.startswith("webhooks_") and isinstance(case.body, dict) and "url" in case.body:
            case.body = {**case.body, "url": NOWHERE}

    def _judge(self, operation: Any, case: Any, answer: Any, role: str) -> None:
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as group:
            for wrong in group.exceptions:
                kind = f"{answer.status_code} {type(wrong).__name__}"
                told = f"as {role}: {group.message}"
                self.failures.setdefault((operation_id(operation), kind), told)
        if answer.status_code in (200, 201) and "json" in str(answer.headers.get("content-type")):
            self.known.learn(operation.path, answer.json())


def _is_over(end: float) -> bool:
    return time.monotonic() > end


def operation_id(operation: Any) -> str:
    """What the schema calls it."""
    return str(operation.definition.raw["operationId"])


def cases(operation: Any, mode: GenerationMode, most: int, chance: str) -> list[Any]:
    """Some requests for an operation, by chance; none where nothing can be wrong with one."""
    found: list[Any] = []

    @seed(chance)
    @settings(
        max_examples=most,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=_strategy(operation, mode))
    def collect(case: Any) -> None:
        found.append(case)

    try:
        collect()
    except Unsatisfiable:
        return found
    return found


_strategies: dict[tuple[str, GenerationMode], Any] = {}


def _strategy(operation: Any, mode: GenerationMode) -> Any:
    key = (operation.label, mode)
    if key not in _strategies:
        _strategies[key] = operation.as_strategy(generation_mode=mode)
    return _strategies[key]
