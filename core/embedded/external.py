"""A database and broker that the operator runs: do they answer?"""

import os

import psycopg
import redis

from core.embedded.errors import EmbeddedError

SECONDS = 5
OLDEST = 15


def check_configured() -> None:
    """Raises EmbeddedError when a service that the operator named does not answer."""
    if url := os.environ.get("DATABASE_URL"):
        check_database(url)
    if url := os.environ.get("REDIS_URL"):
        check_broker(url)


def check_database(url: str) -> None:
    """Raises EmbeddedError in one line when the server does not answer or is too old.

    The password is never shown.
    """
    if not url.startswith(("postgres://", "postgresql://")):
        raise EmbeddedError(
            "DATABASE_URL must be a PostgreSQL address: postgresql://user:password@host:5432/name"
        )
    try:
        with psycopg.connect(url, connect_timeout=SECONDS) as connection:
            version = connection.info.server_version // 10_000
    except psycopg.Error as error:
        raise EmbeddedError(
            f"the database of DATABASE_URL does not answer: {first_line(error)}"
        ) from None
    if version < OLDEST:
        raise EmbeddedError(
            f"the database of DATABASE_URL is PostgreSQL {version}; {OLDEST} or newer is needed"
        )


def check_broker(url: str) -> None:
    """Raises EmbeddedError in one line when the broker does not answer."""
    try:
        with redis.Redis.from_url(
            url, socket_connect_timeout=SECONDS, socket_timeout=SECONDS
        ) as client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        raise EmbeddedError(
            f"the broker of REDIS_URL does not answer: {first_line(error)}"
        ) from None


def first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
