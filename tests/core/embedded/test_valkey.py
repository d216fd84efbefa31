"""The life of the embedded Valkey."""

import os
import signal

import pytest
import redis

from core.embedded.datadir import DataDir
from core.embedded.processes import wait_gone
from core.embedded.valkey import Valkey
from tests.core.embedded.test_postgres import occupied

pytestmark = pytest.mark.slow


@pytest.fixture
def valkey(data: DataDir) -> Valkey:
    """A server that runs and holds a value."""
    server = Valkey(data)
    server.up()
    with redis.Redis.from_url(server.url()) as client:
        client.set("precious", "1")
    return server


def precious(server: Valkey) -> object:
    with redis.Redis.from_url(server.url()) as client:
        return client.get("precious")


class TestUp:
    def test_starts_once(self, valkey: Valkey) -> None:
        assert not valkey.up()

    def test_asks_for_the_password(self, valkey: Valkey) -> None:
        refused = pytest.raises(redis.AuthenticationError)
        with redis.Redis(port=valkey.kept["port"]) as client, refused:
            client.ping()


class TestUpAgain:
    def test_keeps_the_data(self, valkey: Valkey) -> None:
        valkey.down()
        assert not valkey.is_running()
        assert valkey.up()
        assert precious(valkey) == b"1"

    def test_keeps_the_data_after_a_kill(self, valkey: Valkey) -> None:
        kept = valkey.kept
        os.kill(kept["pid"], signal.SIGKILL)
        assert wait_gone(kept["pid"], kept["born"], 10)
        assert valkey.up()
        assert precious(valkey) == b"1"

    def test_moves_when_its_port_is_taken(self, valkey: Valkey) -> None:
        before = valkey.kept["port"]
        valkey.down()
        with occupied(before):
            assert valkey.up()
        assert valkey.kept["port"] != before

    def test_replaces_a_server_that_hangs(self, valkey: Valkey) -> None:
        hung = valkey.kept
        os.kill(hung["pid"], signal.SIGSTOP)
        assert valkey.up()
        assert valkey.kept["pid"] != hung["pid"]
