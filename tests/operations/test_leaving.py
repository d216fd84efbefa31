"""A tenant takes its data along, and is deleted for good."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from accounts.models import Tenant, TwoFactor
from core.tenancy import across_tenants
from crm_project.privacy.exporting import SECRETS
from crm_project.privacy.tables import count_rows_of
from tests.people import Team
from tests.prospects.cards_of import card
from tests.sales.documents.documents_of import sent_quote
from tests.test_permissions import PLACES

pytestmark = pytest.mark.django_db

FOREIGN_KEYS = """
    SELECT conname, conrelid::regclass::text, confrelid::regclass::text,
           (SELECT array_agg(attname ORDER BY i) FROM unnest(conkey) WITH ORDINALITY k(n, i)
            JOIN pg_attribute ON attrelid = conrelid AND attnum = n),
           (SELECT array_agg(attname ORDER BY i) FROM unnest(confkey) WITH ORDINALITY k(n, i)
            JOIN pg_attribute ON attrelid = confrelid AND attnum = n)
    FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace
"""


def dangling() -> list[str]:
    """The foreign keys of which a row points to nothing."""
    with connection.cursor() as cursor:
        cursor.execute(FOREIGN_KEYS)
        found = []
        for name, table, target, columns, keys in cursor.fetchall():
            given = " AND ".join(f"t.{column} IS NOT NULL" for column in columns)
            same = " AND ".join(f"r.{k} = t.{c}" for c, k in zip(columns, keys, strict=True))
            cursor.execute(
                f"SELECT EXISTS (SELECT FROM {table} t WHERE {given} "
                f"AND NOT EXISTS (SELECT FROM {target} r WHERE {same}))"
            )
            if cursor.fetchone()[0]:
                found.append(name)
        return found


def fill(team: Team) -> None:
    """One of everything that the API knows, and what libraries keep of a user."""
    # Before others tell anybody anything; and what is sent at once here is not paused any more.
    PLACES["notice"](team)
    for name, make in PLACES.items():
        if name not in ("notice", "paused"):
            make(team)
    LogEntry.objects.create(user=team.mona.user, action_flag=1, object_repr="acme")
    with across_tenants():
        TwoFactor.objects.create(
            user=team.mona.user, secret="JBSWY3DPEHPK3PXP", last_step=0, backup_hashes=[]
        )


def leave(team: Team, *words: str) -> str:
    said = StringIO()
    call_command("delete_tenant", team.tenant.slug, *words, stdout=said)
    return said.getvalue()


def deactivate(team: Team) -> None:
    Tenant.objects.filter(pk=team.tenant.pk).update(is_active=False)


class TestDeleting:
    def test_leaves_no_row_and_no_one_else_loses_any(self, team: Team, rivals: Team):
        fill(team)
        card(rivals, owner=rivals.alice)
        sent_quote(rivals.alice)
        theirs = count_rows_of(rivals.tenant.pk)
        deactivate(team)
        said = leave(team, "--confirm", team.tenant.slug)
        assert "prospects_prospect" in said
        with across_tenants():
            assert count_rows_of(team.tenant.pk) == {}
            assert count_rows_of(rivals.tenant.pk) == theirs
        assert dangling() == []

    def test_only_says_what_would_go_until_it_is_confirmed(self, team: Team):
        card(team)
        assert "make it inactive in the back office (Tenants), then --confirm" in leave(team)
        deactivate(team)
        assert f"Nothing was deleted. To do it: --confirm {team.tenant.slug}" in leave(team)
        with pytest.raises(CommandError, match="nothing was deleted"):
            leave(team, "--confirm", "another")
        assert count_rows_of(team.tenant.pk)["prospects_prospect"] == 1

    def test_is_refused_while_people_may_sign_in(self, team: Team):
        with pytest.raises(CommandError, match="is active"):
            leave(team, "--confirm", team.tenant.slug)

    def test_of_an_unknown_tenant_says_so(self, db):
        with pytest.raises(CommandError, match="There is no tenant 'nobody'"):
            call_command("delete_tenant", "nobody")

    def test_without_the_right_to_it_changes_nothing(self, team: Team):
        deactivate(team)
        with connection.cursor() as cursor:
            cursor.execute("CREATE ROLE a_guest")
            cursor.execute("GRANT SELECT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO a_guest")
            cursor.execute("SET LOCAL ROLE a_guest")
        with pytest.raises(CommandError, match="GRANT SET ON PARAMETER"):
            leave(team, "--confirm", team.tenant.slug)
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
        assert count_rows_of(team.tenant.pk)["accounts_tenant"] == 1


@pytest.mark.django_db(transaction=True)
class TestExporting:
    def test_writes_every_row_of_the_tenant_and_none_of_another(
        self, team: Team, rivals: Team, tmp_path: Path
    ):
        fill(team)
        card(rivals, company_name="Rivals only")
        said = StringIO()
        call_command("export_tenant", team.tenant.slug, str(tmp_path / "acme"), stdout=said)
        facts = json.loads((tmp_path / "acme" / "facts.json").read_text())
        rows = {name: number for name, number in facts["rows"].items() if number}
        assert rows == count_rows_of(team.tenant.pk)
        for name in rows:
            text = (tmp_path / "acme" / f"{name}.csv").read_text()
            header, *lines = csv.reader(text.splitlines(keepends=True))
            assert len(lines) == rows[name], name
            assert not SECRETS & set(header), name
            assert "Rivals only" not in text
        assert f"{sum(rows.values()):,} rows" in said.getvalue()

    def test_is_refused_where_something_stands_already(self, team: Team, tmp_path: Path):
        with pytest.raises(CommandError, match="exists already"):
            call_command("export_tenant", team.tenant.slug, str(tmp_path))
