"""The life of the embedded PostgreSQL."""

import os
import shutil
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from core.embedded.databases import EXTENSIONS
from core.embedded.datadir import DataDir
from core.embedded.postgres import Postgres
from core.embedded.processes import birth, wait_gone

pytestmark = pytest.mark.slow


@pytest.fixture
def postgres(data: DataDir) -> Postgres:
    """A server that runs."""
    server = Postgres(data)
    server.up()
    return server


def ask(server: Postgres, statement: str, database: str = "crm") -> list[str]:
    with psycopg.connect(server.url(database), autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return [row[0] for row in cursor] if cursor.description else []


def kill(server: Postgres) -> None:
    """What a power cut does to the processes, backends included."""
    pid = server.cluster.pid()
    assert pid
    born = birth(pid)
    os.kill(pid, signal.SIGKILL)
    assert wait_gone(pid, born, 10)


@contextmanager
def occupied(port: int) -> Iterator[None]:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        yield


class TestUp:
    def test_starts_once(self, postgres: Postgres) -> None:
        assert postgres.is_running()
        assert not postgres.up()

    @pytest.mark.parametrize("database", ["crm", "template1"])
    def test_brings_the_extensions(self, postgres: Postgres, database: str) -> None:
        installed = ask(postgres, "select extname from pg_extension", database)
        assert set(EXTENSIONS) <= set(installed)

    def test_asks_for_the_password(self, postgres: Postgres) -> None:
        url = postgres.url().replace(postgres.kept["password"], "guessed")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(url)

    def test_knows_accents_and_their_case(self, postgres: Postgres) -> None:
        assert ask(postgres, "select upper('ñandú') || unaccent('ñandú')") == ["ÑANDÚnandu"]

    def test_makes_the_cluster_anew_after_an_interrupted_start(self, data: DataDir) -> None:
        server = Postgres(data)
        server.make()
        shutil.move(server.cluster.data, server.cluster.home / "data.part")
        assert server.up()

    def test_sets_aside_a_cluster_whose_password_is_lost(self, postgres: Postgres) -> None:
        ask(postgres, "create table precious()")
        postgres.down()
        (postgres.directory.path / "postgres.json").unlink()
        assert postgres.up()
        assert ask(postgres, "select to_regclass('precious')::text") == [None]
        aside = postgres.cluster.home.with_name(postgres.cluster.home.name + ".old1")
        assert (aside / "data" / "PG_VERSION").exists()
        shutil.rmtree(aside)


class TestUpAgain:
    def test_keeps_the_data(self, postgres: Postgres) -> None:
        ask(postgres, "create table precious()")
        postgres.down()
        assert not postgres.has_process()
        assert postgres.up()
        assert ask(postgres, "select to_regclass('precious')::text") == ["precious"]

    def test_keeps_the_data_after_a_kill(self, postgres: Postgres) -> None:
        ask(postgres, "create table precious()")
        kill(postgres)
        assert postgres.up()
        assert ask(postgres, "select to_regclass('precious')::text") == ["precious"]

    def test_is_not_deceived_by_a_reused_pid(self, postgres: Postgres) -> None:
        kill(postgres)
        note = postgres.cluster.note
        rest = note.read_text().partition("\n")[2]
        note.write_text(f"{os.getpid()}\n{rest}")
        assert postgres.up()

    def test_moves_when_its_port_is_taken(self, postgres: Postgres) -> None:
        before = postgres.kept["port"]
        postgres.down()
        with occupied(before):
            assert postgres.up()
        assert postgres.kept["port"] != before
