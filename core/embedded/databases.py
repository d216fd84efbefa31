"""What the application expects of the embedded cluster: its database, with extensions."""

from collections.abc import Callable

import psycopg
from psycopg import sql

DATABASE = "crm"
EXTENSIONS = ("pg_trgm", "unaccent", "btree_gin", "btree_gist", "pg_stat_statements")


def prepare(url: Callable[[str], str]) -> None:
    """Create what is missing; `url` gives the address of a database by its name. Safe to repeat."""
    with psycopg.connect(url("postgres"), autocommit=True) as connection:
        known = connection.execute("select 1 from pg_database where datname = %s", [DATABASE])
        if known.fetchone() is None:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))
    for database in (DATABASE, "template1"):  # template1: so that test databases have them too
        add_extensions(url(database))


def add_extensions(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for name in EXTENSIONS:
            connection.execute(
                sql.SQL("create extension if not exists {}").format(sql.Identifier(name))
            )
