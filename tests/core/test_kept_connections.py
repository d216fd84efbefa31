from __future__ import annotations

import pytest
from django.db import close_old_connections, connection

from core.kept_plans import fetch_kept

pytestmark = pytest.mark.django_db(transaction=True)


def hang_up() -> None:
    """End the server's side of the test's connection, as a restart does."""
    connection.ensure_connection()
    another = connection.copy()
    with another.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid]
        )
        assert cursor.fetchone() == (True,)
    another.close()


def session_count() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) + 1 FROM accounts_session")
        return int(cursor.fetchone()[0])


class TestAKeptConnection:
    def test_is_usable_while_the_server_is_there(self):
        connection.ensure_connection()
        assert connection.is_usable()

    def test_is_not_usable_after_the_server_hung_up(self):
        hang_up()
        assert not connection.is_usable()
        connection.close()

    @pytest.mark.parametrize("ask", [lambda: fetch_kept("SELECT 1 AS n", []), session_count])
    def test_is_made_anew_for_the_next_request(self, ask):
        hang_up()
        close_old_connections()  # as each request begins
        assert ask()
