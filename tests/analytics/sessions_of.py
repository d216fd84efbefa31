"""Other sessions on the test's database."""

from __future__ import annotations

from typing import Any

import psycopg
from django.db import connection


def somebody_else(autocommit: bool = True) -> psycopg.Connection[Any]:
    """Another session on the test's database."""
    known = connection.settings_dict
    return psycopg.connect(
        host=known["HOST"],
        port=known["PORT"],
        user=known["USER"],
        password=known["PASSWORD"],
        dbname=known["NAME"],
        autocommit=autocommit,
    )
