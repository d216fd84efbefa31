"""Where the tests' database is, for processes of their own."""

from __future__ import annotations

from django.db import connection


def address_of(name: str = "") -> str:
    """Return the URL of a database of the tests' server; without a name, of the test's own."""
    given = connection.settings_dict
    place = f"{given['HOST']}:{given['PORT']}/{name or given['NAME']}"
    return f"postgresql://{given['USER']}:{given['PASSWORD']}@{place}"
