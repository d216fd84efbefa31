"""The facts that figures depend on."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.database import value_of
from core.embedded.tuning import GIB, memory

SETTINGS = (
    *("shared_buffers", "effective_cache_size", "work_mem", "random_page_cost", "jit"),
    *("max_parallel_workers_per_gather", "fsync", "synchronous_commit", "full_page_writes"),
    *("max_wal_size", "autovacuum"),
)
PACKAGES = ("Django", "djangorestframework", "psycopg", "orjson", "gunicorn")


def facts(database: psycopg.Connection[Any]) -> dict[str, str]:
    """The machine, the software and how the database is set, by name."""
    found = [f"{name} {value_of(database, f'SHOW {name}')}" for name in SETTINGS]
    return {
        "Machine": f"{os.cpu_count()} cores, {_processor()}, {memory() / GIB:.1f} GiB of memory",
        "System": f"{platform.system()} {platform.release()}, {platform.machine()}",
        "PostgreSQL": str(value_of(database, "SHOW server_version")),
        "Its settings": ", ".join(found),
        "Python": platform.python_version(),
        "Packages": ", ".join(f"{name} {version(name)}" for name in PACKAGES),
        "Web server": (
            f"as bin/start runs it (crm_project/gunicorn.py), "
            f"{os.environ.get('WEB_CONCURRENCY') or 2} workers; client, server and database share "
            "the machine"
        ),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, platform.processor())
