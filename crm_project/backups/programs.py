"""pg_dump and pg_restore: those of the embedded PostgreSQL, else the system's."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from typing import Any

from django.db import connection

from core.embedded.binaries import BIN, installed_in
from core.embedded.errors import EmbeddedError
from core.errors import DomainError


class ProgramFailed(DomainError):
    """A program of PostgreSQL is missing or has said no."""

    code = "program_failed"
    status = 500


def run(name: str, *words: str) -> None:
    """Run a program of PostgreSQL on the database of the settings.

    :raises ProgramFailed: with the last thing that it said.
    """
    line = [_path_of(name), *words]
    done = subprocess.run(line, env=_environ(), capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"status {done.returncode}"]
        raise ProgramFailed(f"{name}: {said[0]}")


def _path_of(name: str) -> str:
    try:
        embedded = installed_in() / BIN / name
    except EmbeddedError:
        embedded = None
    if embedded and embedded.exists():
        return str(embedded)
    found = shutil.which(name)
    if found is None:
        raise ProgramFailed(f"{name} is not installed here: install PostgreSQL's client programs.")
    return found


def _environ() -> Mapping[str, str]:
    """Where the database is, in variables that other users of the machine cannot read."""
    given: Mapping[str, Any] = connection.get_connection_params()
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}
    names |= {"dbname": "PGDATABASE", "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}
    found = {variable: str(given[name]) for name, variable in names.items() if given.get(name)}
    return {**os.environ, **found}
