"""What Prometheus may ask about requests, the statements they made, and tasks.

Several processes add up in one directory, if PROMETHEUS_MULTIPROC_DIR names one before this
module is imported: the web server's, and the worker's beside it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpResponseBase
from prometheus_client import Counter, Histogram

SECONDS = Histogram(
    "crm_request_seconds",
    "Time to answer a request",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
STATEMENTS = Counter("crm_sql_statements", "Statements that requests made", ["route"])
SQL_SECONDS = Counter("crm_sql_seconds", "Time that requests waited for the database", ["route"])
LONG = (0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300)
TASK_SECONDS = Histogram(
    "crm_task_seconds", "Time that a task took", ["task", "outcome"], buckets=LONG
)
TASK_WAIT = Histogram(
    "crm_task_wait_seconds", "Time from waking a task to its beginning", ["task"], buckets=LONG
)

METHODS = frozenset(("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"))


class Stopwatch:
    """Counts statements and how long they took: a wrapper of `connection.execute_wrapper`."""

    __slots__ = ("seconds", "statements")

    def __init__(self) -> None:
        self.statements, self.seconds = 0, 0.0

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.statements += 1
            self.seconds += time.perf_counter() - began


class MetricsMiddleware:
    """Times every request by method, route (not path: ids would make a series each) and status,
    and its statements by route."""

    def __init__(self, get_response: Callable[[Any], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        started, watch = time.perf_counter(), Stopwatch()
        with connection.execute_wrapper(watch):
            response = self.get_response(request)
        match = request.resolver_match
        route = match.route if match else "unknown"
        # Callers may invent methods; each would stay a series for ever.
        method = request.method if request.method in METHODS else "other"
        labels = (method, route, str(response.status_code))
        SECONDS.labels(*labels).observe(time.perf_counter() - started)
        if watch.statements:
            STATEMENTS.labels(route).inc(watch.statements)
            SQL_SECONDS.labels(route).inc(watch.seconds)
        return response
