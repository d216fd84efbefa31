"""`manage.py backup` and `restore`, from one database into another."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from psycopg import sql

from core.embedded.account import server_account
from core.embedded.cluster import Cluster
from core.embedded.ports import free_port
from core.embedded.tuning import server_settings
from crm_project.backups.counting import tables
from tests.databases import address_of
from tests.people import Team
from tests.prospects.cards_of import card

CONTENT = "SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {} t"
# By name: PostgreSQL writes a condition that it has read from a dump with other parentheses.
DEFINED = """
    SELECT string_agg(what, ' ' ORDER BY what) FROM (
        SELECT tgrelid::regclass || '.' || tgname AS what FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT tablename || '.' || indexname FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT conrelid::regclass || '.' || conname FROM pg_constraint
                  WHERE connamespace = 'public'::regnamespace
    ) AS everything
"""


def manage(database: str, media: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A command on a database of the tests' server."""
    return manage_at(address_of(database), media, *words)


def manage_at(address: str, media: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A command on the database at an address."""
    environ = {**os.environ, "DATABASE_URL": address, "CRM_MEDIA_ROOT": str(media)}
    line = [sys.executable, "manage.py", *words]
    return subprocess.run(
        line, cwd=settings.BASE_DIR, env=environ, capture_output=True, text=True, check=False
    )


def content_of(database: str, names: list[str]) -> dict[str, Any]:
    """A digest of each table's rows, and all that is defined beside them."""
    with psycopg.connect(address_of(database)) as opened:
        found: dict[str, Any] = {}
        for name in names:
            query = sql.SQL(CONTENT).format(sql.Identifier(name))  # type: ignore[arg-type]
            found[name] = opened.execute(query).fetchone()
        return found | {"defined": opened.execute(DEFINED).fetchone()}


@contextmanager
def a_standby(folder: Path) -> Iterator[int]:
    """The port of a server that follows the tests' own, and is read-only."""
    account, log = server_account(), folder / "standby.log"
    # The account may not enter the tests' folders.
    with tempfile.TemporaryDirectory() as home:
        account.own(Path(home))
        cluster, port = Cluster(Path(home), account), free_port()
        words = ("-d", address_of(), "-D", cluster.data, "-R", "-X", "stream", "-c", "fast")
        followed = account.run(cluster.program("pg_basebackup"), *words, "--no-sync", log=log)
        assert followed, log.read_text()
        settings = server_settings(durable=False, available=0)
        settings |= {"port": str(port), "listen_addresses": "127.0.0.1"}
        assert cluster.start(settings, patience=60, log=log), log.read_text()
        try:
            yield port
        finally:
            cluster.stop(log=log)


@pytest.mark.slow
class TestBackup:
    def test_may_be_made_on_a_standby(self, empty: str, team: Team, tmp_path: Path) -> None:
        made = card(team)
        here = connection.settings_dict["NAME"]
        with a_standby(tmp_path) as port:
            there = address_of().replace(f":{connection.settings_dict['PORT']}/", f":{port}/")
            done = manage_at(there, tmp_path / "media", "backup", str(tmp_path / "backup"))
        assert done.returncode == 0, done.stderr
        back = manage(empty, tmp_path / "media", "restore", str(tmp_path / "backup"))
        assert back.returncode == 0, back.stderr
        assert content_of(empty, tables()) == content_of(here, tables())
        with psycopg.connect(address_of(empty)) as opened:
            found = opened.execute("SELECT id FROM prospects_prospect").fetchall()
        assert found == [(made.pk,)]

    def test_comes_back_row_for_row_with_all_that_guards_it(
        self, empty: str, team: Team, tmp_path: Path
    ) -> None:
        card(team, company_name="Acme \N{SNOWMAN}", annotations="line\nline\ttab \\N")
        here = connection.settings_dict["NAME"]
        media, kept = tmp_path / "media", tmp_path / "backup"
        (media / "exports").mkdir(parents=True)
        (media / "exports" / "leads.csv").write_text("a,b")
        made = manage(here, media, "backup", str(kept))
        assert made.returncode == 0, made.stderr
        back = manage(empty, tmp_path / "again", "restore", str(kept))
        assert back.returncode == 0, back.stderr
        assert content_of(empty, tables()) == content_of(here, tables())
        assert (tmp_path / "again" / "exports" / "leads.csv").read_text() == "a,b"
        checked = manage(empty, media, "check_integrity")
        assert checked.returncode == 0, checked.stderr
        migrated = manage(empty, media, "migrate", "--check")
        assert migrated.returncode == 0, migrated.stdout

    def test_is_refused_by_a_database_with_tables_and_known_when_it_is_not_whole(
        self, empty: str, team: Team, tmp_path: Path
    ) -> None:
        here, kept = connection.settings_dict["NAME"], tmp_path / "backup"
        assert manage(here, tmp_path / "media", "backup", str(kept)).returncode == 0
        refused = manage(here, tmp_path / "media", "restore", str(kept))
        assert "The database is not empty" in refused.stderr
        facts = json.loads((kept / "facts.json").read_text())
        facts["rows"]["accounts_user"] += 1
        (kept / "facts.json").write_text(json.dumps(facts))
        short = manage(empty, tmp_path / "media", "restore", str(kept))
        assert "Other rows than were backed up: accounts_user." in short.stderr
        (kept / "database.dump").write_bytes((kept / "database.dump").read_bytes()[:5000])
        with psycopg.connect(address_of(empty), autocommit=True) as opened:
            opened.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        cut = manage(empty, tmp_path / "media", "restore", str(kept))
        assert cut.returncode == 1
        assert cut.stderr.startswith("CommandError: pg_restore: ")
        with psycopg.connect(address_of(empty)) as opened:
            (left,) = opened.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert left == (0,)


@pytest.mark.django_db
class TestRefused:
    def test_where_something_is_already(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="exists already"):
            call_command("backup", str(tmp_path))

    def test_where_nothing_can_be_made(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(CommandError, match="Not a directory"):
            call_command("backup", str(tmp_path / "file" / "backup"))

    @pytest.mark.parametrize("facts", [None, "nonsense", "[]", "{}", '{"rows": 1}'])
    def test_what_is_no_backup(self, tmp_path: Path, facts: str | None) -> None:
        if facts is not None:
            (tmp_path / "facts.json").write_text(facts)
        with pytest.raises(CommandError, match="is not a backup of ours"):
            call_command("restore", str(tmp_path))
