"""Is the process alive, is it ready, and how is it doing?"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    generate_latest,
    multiprocess,
)

from core.network import client_address
from crm_project.gauges import Gauges

_migrated = False  # once up to date, this process stays so: the code does not change under it


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> HttpResponse:
    """200 when database, migrations and broker are fine, else 503 with the names of what is not."""
    failing = [name for name, check in CHECKS.items() if not _passes(check)]
    body = {"status": "ok" if not failing else "not ready", "failing": failing}
    return JsonResponse(body, status=503 if failing else 200)


def _passes(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def _migrations() -> bool:
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


def _broker() -> bool:
    cache.get("readyz")
    return True


CHECKS = {"database": _database, "migrations": _migrations, "broker": _broker}


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus metrics, for this machine or for who holds CRM_METRICS_TOKEN."""
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
    token = settings.CRM_METRICS_TOKEN
    is_known = bool(token) and constant_time_compare(sent, token)
    if not is_known and not ipaddress.ip_address(client_address(request)).is_loopback:
        return JsonResponse({"message": "Not found."}, status=404)
    return HttpResponse(generate_latest(_registry()), content_type=CONTENT_TYPE_LATEST)


def _registry() -> CollectorRegistry:
    """What all processes counted, and what waits right now."""
    registry = CollectorRegistry()
    registry.register(Gauges())
    for directory in _directories():
        multiprocess.MultiProcessCollector(registry, path=directory)
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:  # a single process counts by itself
        registry.register(REGISTRY)
    return registry


def _directories() -> Iterator[str]:
    """Where web server and workers of this data directory add up, each in a folder of its own."""
    own = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if own:
        yield from (str(each) for each in sorted(Path(own).parent.iterdir()) if each.is_dir())
