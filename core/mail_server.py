"""Connections to the mail server."""

from __future__ import annotations

from contextlib import suppress
from smtplib import SMTPException
from typing import Any

from django.core.mail import get_connection


def connected() -> Any:
    """Return a connection on which nothing was said but good day.

    :raises Exception: the server does not answer, or not as it should.
    """
    connection = get_connection()
    try:
        connection.open()
        smtp = getattr(connection, "connection", None)
        greet = getattr(smtp, "ehlo_or_helo_if_needed", None)
        if greet is not None:  # a server that breaks off here has taken nothing
            greet()
    except Exception:
        part(connection)
        raise
    return connection


def part(connection: Any) -> None:
    """Close a connection; what the server says to our goodbye is of no interest."""
    with suppress(OSError, SMTPException):
        connection.close()
