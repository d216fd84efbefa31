from __future__ import annotations

import select
from typing import Any

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus


class DatabaseWrapper(base.DatabaseWrapper):
    """Finds out without a statement whether a kept connection still lives."""

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
