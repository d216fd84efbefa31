"""What Prometheus may ask about requests."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.http import HttpResponseBase
from prometheus_client import Histogram

SECONDS = Histogram(
    "crm_request_seconds",
    "Time to answer a request",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)


METHODS = frozenset(("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"))


class MetricsMiddleware:
    """Times every request by method, route (not path: ids would make a series each) and status."""

    def __init__(self, get_response: Callable[[Any], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        started = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        route = match.route if match else "unknown"
        # Callers may invent methods; each would stay a series for ever.
        method = request.method if request.method in METHODS else "other"
        labels = (method, route, str(response.status_code))
        SECONDS.labels(*labels).observe(time.perf_counter() - started)
        return response
