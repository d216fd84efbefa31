"""bin/start as an operator meets it."""

import json
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

import psycopg
import pytest

from core.embedded.datadir import DataDir
from core.embedded.options import ROOT, mark_of
from core.embedded.processes import birth, marked, wait_gone
from core.embedded.services import Services
from tests.prospects.imports.workers import until
from tests.started import SECONDS, Run, clean_environ

pytestmark = pytest.mark.slow


def call(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    line = [str(ROOT / "bin" / "start"), *words]
    return subprocess.run(
        line, env=clean_environ(**environ), capture_output=True, text=True, timeout=SECONDS
    )


def manage(data: DataDir, *words: str) -> subprocess.CompletedProcess[str]:
    line = [str(ROOT / ".venv" / "bin" / "python"), str(ROOT / "manage.py"), *words]
    environ = clean_environ(CRM_DATA_DIR=str(data.path))
    return subprocess.run(line, env=environ, capture_output=True, text=True, timeout=SECONDS)


@pytest.fixture
def run(used: DataDir) -> Iterator[Run]:
    started = Run(used)
    yield started
    started.close()


@pytest.fixture(scope="class")
def running(used: DataDir) -> Iterator[Run]:
    """One for tests that leave it as it is."""
    started = Run(used)
    yield started
    started.close()


def niceness(data: DataDir, words: str) -> set[int]:
    """Of its processes with these words in their command."""
    found = set()
    for pid in marked(mark_of(data)):
        with suppress(OSError):  # gone meanwhile
            if words.encode() in Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" "):
                found.add(os.getpriority(os.PRIO_PROCESS, pid))
    return found


def left_behind(data: DataDir) -> list[int]:
    return marked(mark_of(data))


class TestRunning:
    def test_is_ready_when_it_says_so(self, running: Run) -> None:
        with urlopen(f"{running.url}/readyz") as answer:
            assert answer.status == 200

    def test_refuses_a_second_start_in_one_line(self, running: Run) -> None:
        second = call("--data-dir", str(running.data.path), "--port", "0")
        assert second.returncode == 1
        assert second.stderr == (
            f"bin/start: already running on {running.data.path} "
            f"(process {running.process.pid}, {running.url})\n"
        )

    def test_gives_people_the_machine_before_work_that_waits(self, running: Run) -> None:
        (pages,) = niceness(running.data, "gunicorn")
        until(lambda: niceness(running.data, "crm_project worker") == {pages + 5})

    def test_lets_commands_use_its_database(self, running: Run) -> None:
        assert manage(running.data, "migrate", "--check").returncode == 0
        with urlopen(f"{running.url}/readyz") as answer:
            assert answer.status == 200


class TestStopping:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    def test_leaves_nothing_running(self, run: Run, number: signal.Signals) -> None:
        assert run.send(number) == 0
        assert left_behind(run.data) == []
        assert set(Services(run.data).status().values()) == {False}

    def test_leaves_alone_what_was_started_by_hand(self, used: DataDir) -> None:
        services = Services(used)
        services.keep()
        assert Run(used).send(signal.SIGTERM) == 0
        assert set(services.status().values()) == {True}
        services.release()


class TestKilled:
    def test_starts_again_what_was_killed(self, run: Run) -> None:
        services = Services(run.data)
        pid = services.postgres.cluster.pid()
        assert pid
        born = birth(pid)
        os.kill(pid, signal.SIGKILL)
        run.read_until("starting it again")
        assert wait_gone(pid, born, 10)
        assert run.send(signal.SIGTERM) == 0
        assert not services.postgres.has_process()

    def test_is_cleaned_up_by_the_next_start(self, run: Run) -> None:
        with psycopg.connect(Services(run.data).postgres.url()) as connection:
            connection.execute("create table precious()")
        key = run.data.secret_key()
        assert run.send(signal.SIGKILL) == -signal.SIGKILL
        left = left_behind(run.data)
        again = Run(run.data)
        try:
            assert not set(left) & set(left_behind(run.data))
            assert run.data.secret_key() == key
            with psycopg.connect(Services(run.data).postgres.url()) as connection:
                assert connection.execute("select count(*) from precious").fetchone() == (0,)
        finally:
            assert again.send(signal.SIGTERM) == 0
        assert set(Services(run.data).status().values()) == {False}


class TestRefusing:
    """One line, a status, and no traceback."""

    def refused(self, answer: subprocess.CompletedProcess[str]) -> str:
        assert answer.returncode == 1
        assert answer.stderr.count("\n") == 1
        return answer.stderr

    def test_a_port_that_is_taken(self, data: DataDir) -> None:
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = str(other.getsockname()[1])
            answer = call("--port", port, "--data-dir", str(data.path))
        assert f"port {port} of 127.0.0.1 is taken" in self.refused(answer)

    def test_a_data_directory_that_cannot_be_made(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        answer = call("--data-dir", str(tmp_path / "file" / "data"), "--port", "0")
        assert "cannot write the data directory" in self.refused(answer)

    def test_a_database_that_does_not_answer(self, data: DataDir) -> None:
        url = "postgresql://crm@127.0.0.1:1/crm"
        answer = call("--data-dir", str(data.path), "--port", "0", DATABASE_URL=url)
        assert "the database of DATABASE_URL does not answer" in self.refused(answer)

    def test_a_broker_that_does_not_answer(self, data: DataDir) -> None:
        url = "redis://127.0.0.1:1/0"
        answer = call("--data-dir", str(data.path), "--port", "0", REDIS_URL=url)
        assert "the broker of REDIS_URL does not answer" in self.refused(answer)


class TestManage:
    def test_brings_the_services_up_for_its_command(self, data: DataDir) -> None:
        answer = manage(data, "migrate", "--plan")
        assert answer.returncode == 0, answer.stderr
        assert set(Services(data).status().values()) == {False}

    def test_says_in_one_line_that_it_cannot(self, data: DataDir) -> None:
        (data.path / "postgres.json").write_text(json.dumps({})[:1])
        answer = manage(data, "migrate", "--plan")
        assert answer.returncode == 1
        assert answer.stderr.startswith("manage.py: ")
        assert answer.stderr.count("\n") == 1
        (data.path / "postgres.json").unlink()
