"""A new database is made in seconds."""

from __future__ import annotations

import pytest
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from core.migrating import at_once
from tests.test_architecture import PACKAGES

TABLE = """
    SELECT (SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute
            WHERE attrelid = to_regclass('core_thing') AND attnum > 0 AND NOT attisdropped),
           (SELECT string_agg(indexrelid::regclass::text, ' ' ORDER BY 1) FROM pg_index
            WHERE indrelid = to_regclass('core_thing') AND NOT indisprimary)
"""
WITH_BOTH = ("id name place", "core_thing_name core_thing_place")
NOTHING = (None, None)


def kept(field: str) -> migrations.AddIndex:
    return migrations.AddIndex("thing", models.Index(fields=[field], name=f"core_thing_{field}"))


class Things(migrations.Migration):
    operations = at_once(
        [
            migrations.CreateModel("Thing", [("id", models.BigAutoField(primary_key=True))]),
            migrations.AddField("thing", "name", models.TextField(default="")),
            migrations.AddField("thing", "place", models.TextField(default="")),
            kept("name"),
            kept("place"),
        ]
    )


def table() -> tuple[str | None, str | None]:
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        return cursor.fetchone()


@pytest.mark.django_db(transaction=True)
class TestAMigrationWithNeighboursPutTogether:
    def test_makes_the_same_and_takes_it_back(self):
        migration = Things("things", "core")
        assert [len(getattr(op, "operations", "1")) for op in migration.operations] == [1, 2, 2]
        with connection.schema_editor() as editor:
            migration.apply(ProjectState(), editor)
        try:
            assert table() == WITH_BOTH
        finally:
            with connection.schema_editor() as editor:
                migration.unapply(ProjectState(), editor)
        assert table() == NOTHING


class TestEveryMigration:
    def test_puts_neighbours_of_one_kind_together(self):
        slow = [
            str(migration)
            for (app, _), migration in MigrationLoader(None).disk_migrations.items()
            if app in PACKAGES and len(at_once(migration.operations)) < len(migration.operations)
        ]
        assert slow == [], "wrap their operations in core.migrating.at_once"
