"""Who uses the embedded services, and when they stop."""

import os
import subprocess
import sys

import pytest

from core.embedded.datadir import DataDir
from core.embedded.errors import EmbeddedError
from core.embedded.services import Services, environment, lent

pytestmark = pytest.mark.slow


def runs(data: DataDir) -> bool:
    return all(Services(data).status().values())


def command(data: DataDir, word: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "core.embedded", word, "--data-dir", str(data.path)]
    return subprocess.run(words, capture_output=True, text=True, check=False)


class TestInUse:
    def test_ends_with_the_last_user(self, data: DataDir) -> None:
        with Services(data).in_use():
            with Services(data).in_use():
                assert runs(data)
            assert runs(data)
        assert not runs(data)

    def test_ends_when_the_user_fails(self, data: DataDir) -> None:
        with pytest.raises(ZeroDivisionError), Services(data).in_use():
            raise ZeroDivisionError
        assert not runs(data)

    def test_leaves_alone_what_is_configured(
        self, data: DataDir, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/crm")
        with Services(data).in_use():
            assert set(Services(data).status()) == {"REDIS_URL"}
            assert environment(str(data.path))["DATABASE_URL"] == "postgresql://elsewhere/crm"


class TestLent:
    def test_fills_the_environment(self, data: DataDir) -> None:
        with lent(str(data.path)):
            assert os.environ["DATABASE_URL"] == environment(str(data.path))["DATABASE_URL"]
            assert os.environ["CRM_SECRET_KEY"] == data.secret_key()


class TestThrowaway:
    def test_data_are_replaced_when_they_prevent_a_start(self, data: DataDir) -> None:
        services = Services(data, durable=False)
        with services.in_use():
            pass
        (services.postgres.cluster.data / "global" / "pg_control").unlink()
        with services.in_use():
            assert runs(data)

    def test_is_what_lasting_data_never_are(self, data: DataDir) -> None:
        services = Services(data)
        with services.in_use():
            pass
        (services.postgres.cluster.data / "global" / "pg_control").unlink()
        with pytest.raises(EmbeddedError, match="PostgreSQL does not start"):
            services.up()
        assert services.postgres.cluster.exists


class TestCommand:
    def test_keeps_them_until_they_are_stopped(self, data: DataDir) -> None:
        assert command(data, "up").returncode == 0
        with Services(data).in_use():
            assert command(data, "down").returncode == 1
        assert command(data, "status").stdout == "database: running\nredis: running\n"
        assert command(data, "down").returncode == 0
        assert not runs(data)

    def test_says_in_one_line_that_they_do_not_run(self, data: DataDir) -> None:
        answer = command(data, "env")
        assert answer.returncode == 1
        assert answer.stderr.count("\n") == 1
        assert "bin/start starts them" in answer.stderr
