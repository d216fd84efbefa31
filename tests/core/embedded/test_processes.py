"""Which process is which."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from core.embedded.processes import birth, command_line, end_all, marked, wait_gone

STUBBORN = "import signal; signal.signal(15, signal.SIG_IGN); print(flush=True); signal.pause()"


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(["sleep", "60"], env={"CRM_MARK": "mine"}) as process:
        yield process
        process.kill()


class TestBirth:
    def test_is_the_same_as_long_as_the_process_runs(
        self, sleeper: subprocess.Popen[bytes]
    ) -> None:
        assert birth(sleeper.pid) == birth(sleeper.pid) is not None

    def test_is_none_for_a_process_nobody_has_waited_for(
        self, sleeper: subprocess.Popen[bytes]
    ) -> None:
        born = birth(sleeper.pid)
        sleeper.kill()
        assert wait_gone(sleeper.pid, born, 10)
        assert birth(sleeper.pid) is None
        assert command_line(sleeper.pid) == ""


class TestMarked:
    def test_finds_what_carries_the_mark_and_nothing_else(
        self, sleeper: subprocess.Popen[bytes]
    ) -> None:
        assert wait_until_executed(sleeper)
        assert marked("CRM_MARK=mine") == [sleeper.pid]
        assert marked("CRM_MARK=min") == []


class TestEndAll:
    def test_ends_politely(self, sleeper: subprocess.Popen[bytes]) -> None:
        end_all([sleeper.pid], 10)
        assert sleeper.wait() == -signal.SIGTERM

    def test_ends_those_who_do_not_listen(self) -> None:
        words = [sys.executable, "-c", STUBBORN]
        with subprocess.Popen(words, stdout=subprocess.PIPE) as process:
            assert process.stdout
            process.stdout.readline()
            end_all([process.pid], 0)
            assert process.wait() == -signal.SIGKILL

    def test_does_not_mind_who_has_gone(self) -> None:
        end_all([999_999_999], 0)


class TestEndWith:
    def test_ends_the_child_of_a_killed_parent(self) -> None:
        source = (
            "import os, subprocess, functools, signal\n"
            "from core.embedded.processes import end_with\n"
            "tied = functools.partial(end_with, os.getpid())\n"
            "child = subprocess.Popen(['sleep', '60'], preexec_fn=tied)\n"
            "print(child.pid, flush=True)\n"
            "signal.pause()\n"
        )
        words = [sys.executable, "-c", source]
        with subprocess.Popen(words, stdout=subprocess.PIPE, env=os.environ) as parent:
            assert parent.stdout
            child = int(parent.stdout.readline())
            born = birth(child)
            parent.kill()
            assert wait_gone(child, born, 10)


def wait_until_executed(process: subprocess.Popen[bytes]) -> bool:
    """A new process carries our environment until it becomes the other program."""
    while "sleep" not in command_line(process.pid):
        assert process.poll() is None
    return True
