"""The database, the broker and the processes."""

from __future__ import annotations

from collections.abc import Iterator

from celery import current_app
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from crm_project.doctor.examining import Finding, examination

PATIENCE = 2  # seconds for workers to answer
# A table of this many rows, of which a fifth was written since it was last analysed, is planned for
# by figures of another time; PostgreSQL's own threshold is a tenth.
MANY_ROWS, WRITTEN = 10_000, 0.2
STALE = """
    SELECT relname, n_mod_since_analyze, n_live_tup FROM pg_stat_user_tables
    WHERE n_live_tup >= %s AND n_mod_since_analyze > n_live_tup * %s
    ORDER BY relname
"""


@examination("migrations are applied")
def migrations() -> Iterator[Finding]:
    """Migrations that the code has and the database has not."""
    executor = MigrationExecutor(connection)
    missing = [each for each, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    if missing:
        what = f"{len(missing)} are not, the first is {missing[0]}"
        yield Finding("", what, "python manage.py migrate")


@examination("the broker answers")
def broker() -> Iterator[Finding]:
    """Work is kept while it does not, and waits."""
    try:
        cache.get("doctor")
    except Exception as error:
        yield Finding("", f"it does not: {error}", "start what REDIS_URL names")


@examination("a worker runs")
def workers() -> Iterator[Finding]:
    """Somebody who does what is pending."""
    if not current_app.control.ping(timeout=PATIENCE):
        yield Finding(
            "",
            f"none answered within {PATIENCE} s",
            "celery -A crm_project worker (and one `celery -A crm_project beat`)",
        )


@examination("statistics are of today's rows")
def statistics() -> Iterator[Finding]:
    """Tables that PostgreSQL plans for by figures of another time."""
    with connection.cursor() as cursor:
        cursor.execute(STALE, [MANY_ROWS, WRITTEN])
        for table, written, rows in cursor.fetchall():
            what = f"{table}: {written:,} of {rows:,} rows were written since it was analysed"
            yield Finding("", what, f'echo "ANALYZE {table}" | python manage.py dbshell')
