"""A database of the previous release becomes one of this release: nothing lost, nothing left over.

`previous_release` is what `manage.py backup` wrote of a demo in that release. Whoever makes a
release replaces it: `seed_demo`, then `backup` into a new directory.
"""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from tests.databases import address_of
from tests.operations.test_backups import manage

PREVIOUS = Path(__file__).with_name("previous_release")
# Django's own lists of what there is: they grow and shrink with the code.
OF_DJANGO = {"django_migrations", "django_content_type", "auth_permission"}
COLUMNS = """
    SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default
    FROM information_schema.columns WHERE table_schema = 'public'
"""
DEFINED = """
    SELECT conrelid::regclass::text, conname FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT tablename, indexname FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT tgrelid::regclass::text, tgname || md5(prosrc) FROM pg_trigger
              JOIN pg_proc ON pg_proc.oid = tgfoid WHERE NOT tgisinternal
"""


def schema_of(database: str) -> set[tuple[object, ...]]:
    """Every column, constraint, index and trigger, with what triggers do."""
    with psycopg.connect(address_of(database)) as opened:
        return {*opened.execute(COLUMNS).fetchall(), *opened.execute(DEFINED).fetchall()}


def rows_of(database: str, names: list[str]) -> dict[str, int]:
    with psycopg.connect(address_of(database)) as opened:
        found = {}
        for name in names:
            known = opened.execute("SELECT to_regclass(%s)", [name]).fetchone()
            if known and known[0]:
                row = opened.execute(f'SELECT count(*) FROM "{name}"').fetchone()  # type: ignore[arg-type]
                found[name] = row[0] if row else 0
        return found


@pytest.mark.slow
class TestUpgrade:
    def test_of_the_previous_release_loses_nothing_and_ends_as_a_new_database(
        self, empty: str, tmp_path: Path
    ) -> None:
        for words in (("restore", str(PREVIOUS)), ("migrate",), ("check_integrity",)):
            done = manage(empty, tmp_path, *words)
            assert done.returncode == 0, (words, done.stderr)
        assert schema_of(empty) == schema_of(connection.settings_dict["NAME"])
        before = json.loads((PREVIOUS / "facts.json").read_text())["rows"]
        kept = [name for name in before if name not in OF_DJANGO]
        after = rows_of(empty, kept)
        lost = {name: (before[name], after[name]) for name in after if after[name] < before[name]}
        assert not lost
        for words in (("sync_analytics",), ("verify_analytics",)):
            done = manage(empty, tmp_path, *words)
            assert done.returncode == 0, (words, done.stdout, done.stderr)
