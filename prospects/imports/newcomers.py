"""List entries and users that a plan needs and that do not exist yet.

The plan only reserves their ids, so that its rows can refer to them; applying it creates them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection, models
from django.utils.text import slugify

from accounts.tenants.models import Tenant
from accounts.users.models import User
from core.values import InvalidValue
from prospects.pipeline.bulk import Values

# A reserved top-level domain: nothing that is sent there arrives anywhere.
DOMAIN = "imported.invalid"
# More than this many are no list of names but a column that was mapped wrongly.
MOST = 1000

Entries = dict[str, list[list[Any]]]


class Newcomers:
    """What a plan has reserved so far."""

    def __init__(self, *, takes_users: bool) -> None:
        self.takes_users = takes_users
        self._entries: Entries = {}
        self._used: set[tuple[str, int]] = set()

    def reserve(self, field: str, model: type[models.Model], name: str) -> int:
        """Reserve an id for an entry with this name. Raises InvalidValue when there are too many.

        An id of a plan that is never applied is lost, as sequences do.
        """
        entries = self._entries.setdefault(field, [])
        if len(entries) >= MOST:
            raise InvalidValue(f"would be entry {MOST + 1} that the file adds: is it the column?")
        with connection.cursor() as cursor:
            table = model._meta.db_table
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
            (pk,) = cursor.fetchone()
        entries.append([pk, name])
        return int(pk)

    def note_used(self, rows: Collection[Values]) -> None:
        """Say that these columns will be written: what only refused rows name is not created."""
        for field in self._entries:
            self._used.update((field, values.get(f"{field}_id", 0)) for values in rows)

    def used_entries(self) -> Entries:
        """What is to be created: {field: [[id, name], …]}."""
        entries = {
            field: [[pk, name] for pk, name in rows if (field, pk) in self._used]
            for field, rows in self._entries.items()
        }
        return {field: rows for field, rows in entries.items() if rows}


def placeholder_email(name: str, tenant: Tenant) -> str:
    """The address under which somebody known only by a name is a user: always the same one."""
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{slugify(name)[:40] or 'user'}-{digest}@{tenant.slug}.{DOMAIN}"


def create_users(entries: list[list[Any]], tenant: Tenant) -> dict[int, int]:
    """Create the users of a plan, who cannot sign in until an admin gives them a password.

    Returns the ids of those that somebody else created meanwhile, by the reserved ones.
    """
    emails = {pk: placeholder_email(name, tenant) for pk, name in entries}
    User.objects.bulk_create(
        (
            User(
                pk=pk,
                tenant=tenant,
                name=name,
                email=emails[pk],
                role=User.Role.SALES,
                password=make_password(None),
            )
            for pk, name in entries
        ),
        ignore_conflicts=True,
    )
    real = dict(User.objects.filter(email__in=emails.values()).values_list("email", "id"))
    return {pk: real[email] for pk, email in emails.items() if real[email] != pk}


def create_entries(entries: list[list[Any]], model: Any, tenant: Tenant) -> dict[int, int]:
    """Add the names of a plan to a list, at its end. Returns what create_users does."""
    last = model.objects.aggregate(last=models.Max("position"))["last"] or 0
    model.objects.bulk_create(
        (
            model(pk=pk, tenant_id=tenant.pk, name=name, position=last + number)
            for number, (pk, name) in enumerate(entries, start=1)
        ),
        ignore_conflicts=True,
    )
    real = {name.lower(): pk for pk, name in model.objects.values_list("id", "name")}
    return {pk: real[name.lower()] for pk, name in entries if real[name.lower()] != pk}
