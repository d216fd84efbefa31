from __future__ import annotations

import select
from typing import Any

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from core.postgres.limits import statement_limit


class DatabaseWrapper(base.DatabaseWrapper):
    """Finds out without a statement whether a kept connection still lives."""

    # Seconds, as the server has been told; None: nobody knows.
    told_limit: float | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        limit = statement_limit()
        given = f"{conn_params.get('options', '')} -c statement_timeout={_milliseconds(limit)}"
        connection = super().get_new_connection({**conn_params, "options": given.strip()})
        self.told_limit = limit
        return connection

    def ensure_connection(self) -> None:
        """Beside: tell the server how long statements may take, if that is not what it knows.

        Never inside a transaction, whose end might take it back.
        """
        is_new = self.told_limit != statement_limit()
        if is_new and self.connection is not None and self._is_between():
            self.close_if_health_check_failed()
            if self.connection is not None:
                self._tell_limit(statement_limit())
        super().ensure_connection()

    def _is_between(self) -> bool:
        connection: Any = self.connection
        is_idle = connection.info.transaction_status == TransactionStatus.IDLE
        return is_idle and connection.autocommit and not self.in_atomic_block

    def _tell_limit(self, seconds: float) -> None:
        with self.wrap_database_errors:
            told = f"SET statement_timeout = {_milliseconds(seconds)}"
            self.connection.execute(told, prepare=False)
        self.told_limit = seconds

    def is_usable(self) -> bool:
        """Whether the server has not hung up: nothing waits to be read between two statements.

        What a restarted or failed server leaves behind is its farewell, or the end of the stream.
        One that vanished without a word is noticed by the next statement, as it would be by asking.
        """
        connection: Any = self.connection
        if connection is None or connection.closed:
            return False
        if connection.info.transaction_status == TransactionStatus.INERROR:
            return False  # nothing can be asked of it until somebody rolls back
        waiting = select.poll()
        waiting.register(connection.fileno(), select.POLLIN)
        return not waiting.poll(0)


def _milliseconds(seconds: float) -> int:
    return int(seconds * 1000)
