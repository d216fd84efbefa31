"""The teams that nearly every test begins with: made once, then written back as they were.

Making a team was half of the work of all tests: 30 statements, five users, five sessions.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone
from psycopg import sql
from rest_framework_simplejwt.tokens import RefreshToken

from accounts.sessions.models import Session
from accounts.sessions.tokens import TokenPair, issue_pair
from accounts.tenants.models import Tenant
from accounts.users.models import User
from core.tenancy import tenant_scope
from tests.people import Person, Team, make_team

FRESH = timedelta(minutes=2)  # much less than the time after which the use of a session is noted
_SESSION = "accounts_session"
_COLUMNS = """
    SELECT t.relname, array_agg(c.attname::text ORDER BY c.attnum)
    FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid
    WHERE t.relkind = 'r' AND t.relnamespace = 'public'::regnamespace AND c.attnum > 0
      AND NOT c.attisdropped AND c.attgenerated = '' AND t.relname <> 'accounts_session'
    GROUP BY t.oid HAVING bool_or(c.attname = 'tenant_id') OR t.relname = 'accounts_tenant'
"""
_MAY_WRITE_ROWS_ALONE = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"


class _SignedIn(NamedTuple):
    at: datetime
    pairs: dict[str, TokenPair]
    rows: str


@dataclass
class _Kept:
    users: dict[str, User]
    rows: str
    signed_in: _SignedIn | None = None


_kept: dict[str, _Kept] = {}


def kept_team(slug: str) -> Team:
    """Return what make_team returns, with the same ids in every test of this process."""
    known = _kept.get(slug)
    if known is None:
        made = make_team(slug)
        if _fetch(_MAY_WRITE_ROWS_ALONE)[0][0]:
            _kept[slug] = _Kept(copy.deepcopy(_users_of(made)), _rows_of(made.tenant.pk))
        return made
    signed_in = known.signed_in
    if signed_in and timedelta() <= timezone.now() - signed_in.at < FRESH:
        _write(known.rows, signed_in.rows)
    else:
        _write(known.rows)
        known.signed_in = signed_in = _sign_in(known.users)
    users = copy.deepcopy(known.users)
    pairs = signed_in.pairs
    people = {name: Person(user, signed_in_by=pairs[name]) for name, user in users.items()}
    return Team(tenant=_tenant_of(users), **people)


def _tenant_of(users: dict[str, User]) -> Tenant:
    (tenant,) = {user.tenant for user in users.values() if user.tenant}
    return tenant


def _users_of(team: Team) -> dict[str, User]:
    return {name: person.user for name, person in vars(team).items() if name != "tenant"}


def _sign_in(users: dict[str, User]) -> _SignedIn:
    """Sessions as of now: some tests are of another year, and old ones are written to when used."""
    at, tenant = timezone.now(), _tenant_of(users)
    made = {"tenant": tenant, "ip_address": "127.0.0.1", "expires_at": at + RefreshToken.lifetime}
    sessions = {name: Session(user=user, **made) for name, user in users.items()}
    pairs = {name: issue_pair(session) for name, session in sessions.items()}
    with tenant_scope(tenant.pk):
        Session.objects.bulk_create(sessions.values())
    columns = [field.attname for field in Session._meta.concrete_fields]
    rows = _insert(_SESSION, columns, _read(_SESSION, columns, tenant.pk))
    return _SignedIn(at, pairs, rows.as_string(None))


def _rows_of(tenant_id: int) -> str:
    """SQL that writes all rows of a tenant, and nothing that their triggers would add."""
    inserts = [
        _insert(table, columns, rows)
        for table, columns in _fetch(_COLUMNS)
        if (rows := _read(table, columns, tenant_id))
    ]
    quiet = sql.SQL("SET session_replication_role = {}")
    script = sql.SQL("; ").join((quiet.format("replica"), *inserts, quiet.format("origin")))
    return script.as_string(None)


def _read(table: str, columns: list[str], tenant_id: int) -> list[tuple[Any, ...]]:
    owner = "id" if table == "accounts_tenant" else "tenant_id"
    query = sql.SQL("SELECT {columns} FROM {table} WHERE {owner} = {tenant}").format(
        columns=sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(c)) for c in columns),
        table=sql.Identifier(table),
        owner=sql.Identifier(owner),
        tenant=tenant_id,
    )
    return _fetch(query.as_string(None))


def _insert(table: str, columns: list[str], rows: list[tuple[Any, ...]]) -> sql.Composable:
    values = (sql.SQL("({})").format(sql.SQL(", ").join(map(sql.Literal, row))) for row in rows)
    return sql.SQL("INSERT INTO {table} ({columns}) VALUES {values}").format(
        table=sql.Identifier(table),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        values=sql.SQL(", ").join(values),
    )


def _write(*scripts: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("; ".join(scripts))


def _fetch(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())
