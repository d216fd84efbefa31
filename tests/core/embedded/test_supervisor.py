"""Programs that are kept running."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.embedded.children import LOG_LIMIT, Child
from core.embedded.errors import EmbeddedError
from core.embedded.processes import birth, wait_gone
from core.embedded.supervisor import LONGEST_DELAY, STEADY, Supervisor

Make = Callable[[str], Supervisor]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """A supervisor of one shell program, started at second 0."""
    made = []

    def start(script: str) -> Supervisor:
        child = Child("program", ["sh", "-c", script], tmp_path / "program.log")
        supervisor = Supervisor([child], os.environ, tmp_path)
        supervisor.start(0)
        made.append(supervisor)
        return supervisor

    yield start
    for supervisor in made:
        supervisor.stop()


def wait_ended(supervisor: Supervisor) -> None:
    process = supervisor.children[0].process
    assert process
    process.wait(10)


class TestTick:
    def test_leaves_alone_what_runs(self, make: Make) -> None:
        supervisor = make("sleep 60")
        before = supervisor.children[0].process
        supervisor.tick(1)
        assert supervisor.children[0].process is before

    def test_restarts_what_ended_after_a_pause(self, make: Make, tmp_path: Path) -> None:
        supervisor = make("echo ran")
        wait_ended(supervisor)
        supervisor.tick(1)
        supervisor.tick(1.9)
        assert (tmp_path / "program.log").read_text() == "ran\n"
        supervisor.tick(2)
        wait_ended(supervisor)
        assert (tmp_path / "program.log").read_text() == "ran\nran\n"

    def test_waits_longer_each_time_up_to_a_limit(self, make: Make) -> None:
        supervisor = make("exit 3")
        now, pauses = 0.0, []
        for _ in range(8):
            wait_ended(supervisor)
            supervisor.tick(now)
            pauses.append(supervisor.due["program"] - now)
            now = supervisor.due["program"]
            supervisor.tick(now)
        assert pauses == [1, 2, 4, 8, 16, 32, LONGEST_DELAY, LONGEST_DELAY]

    def test_forgives_a_program_that_ran_well(self, make: Make) -> None:
        supervisor = make("exit 3")
        for now in (0, 1):
            wait_ended(supervisor)
            supervisor.tick(now)
        wait_ended(supervisor)
        supervisor.tick(1 + STEADY + 1)
        assert supervisor.due["program"] == 1 + STEADY + 1 + 1

    def test_tells_the_operator(self, make: Make, capsys: pytest.CaptureFixture[str]) -> None:
        supervisor = make("exit 3")
        wait_ended(supervisor)
        supervisor.tick(0)
        assert "program ended with status 3; starting it again in 1 s" in capsys.readouterr().err


class TestRequireRunning:
    def test_shows_the_end_of_the_log_of_what_failed(self, make: Make) -> None:
        supervisor = make("echo no such setting >&2; exit 3")
        wait_ended(supervisor)
        with pytest.raises(EmbeddedError, match=r"failed with status 3, see .*\nno such setting"):
            supervisor.require_running()


class TestStop:
    def test_asks_first(self, make: Make, tmp_path: Path) -> None:
        supervisor = make("trap 'echo bye; exit' TERM; echo up; while :; do sleep 0.01; done")
        wait_for_line(tmp_path / "program.log", "up")
        supervisor.stop()
        assert (tmp_path / "program.log").read_text() == "up\nbye\n"

    def test_kills_the_children_of_a_child(self, make: Make, tmp_path: Path) -> None:
        supervisor = make("sleep 60 & echo $!; trap 'exit' TERM; wait")
        grandchild = int(wait_for_line(tmp_path / "program.log", ""))
        supervisor.stop()
        assert is_gone(grandchild)


class TestRunToEnd:
    def test_is_silent_about_success(self, tmp_path: Path) -> None:
        child = Child("step", [sys.executable, "-c", "print('done')"], tmp_path / "log")
        child.run_to_end(os.environ, tmp_path)
        assert (tmp_path / "log").read_text() == "done\n"

    def test_raises_with_the_end_of_the_log(self, tmp_path: Path) -> None:
        child = Child("step", ["sh", "-c", "echo broken; exit 2"], tmp_path / "log")
        with pytest.raises(EmbeddedError, match=r"step failed with status 2.*\nbroken"):
            child.run_to_end(os.environ, tmp_path)


class TestLog:
    def test_is_put_aside_when_it_has_grown_too_long(self, tmp_path: Path) -> None:
        with (tmp_path / "step.log").open("wb") as log:
            log.truncate(LOG_LIMIT + 1)
        child = Child("step", ["echo", "new"], tmp_path / "step.log")
        child.run_to_end(os.environ, tmp_path)
        assert (tmp_path / "step.log").read_text() == "new\n"
        assert (tmp_path / "step.log.1").stat().st_size == LOG_LIMIT + 1


def wait_for_line(log: Path, line: str, seconds: float = 10) -> str:
    """The first line of the log, once there is one that contains `line`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        text = log.read_text()
        if text.endswith("\n") and line in text:
            return text.splitlines()[0]
    raise AssertionError(f"{log} has no line {line!r}")


def is_gone(pid: int) -> bool:
    return wait_gone(pid, birth(pid), 5)
