"""A database beside that of the tests."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from tests.databases import address_of


@pytest.fixture
def empty(transactional_db: None) -> Iterator[str]:
    """Another database of the same server, without anything."""
    name = f"{connection.settings_dict['NAME']}_restored"
    place = sql.Identifier(name)
    with psycopg.connect(address_of("postgres"), autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(place))
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(place))
        yield name
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(place))
