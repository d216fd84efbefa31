"""Who sends or reads slowly keeps nobody else waiting."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, suppress

import httpx
import pytest

from core.embedded.options import ROOT
from crm_project.serving import MOST_HELD, has_come

HEAD = b"POST /x HTTP/1.1\r\nHost: a\r\n"
# As gunicorn serves the CRM, but with limits that a test can wait for.
APP = """
from crm_project import serving
serving.REQUEST_SECONDS, serving.GRACE_SECONDS, serving.STALL_SECONDS = 2, 1, 2

def application(environ, start_response):
    try:
        length = len(environ["wsgi.input"].read())
    except OSError:
        length = -1
    start_response("200 OK", [("Content-Type", "text/plain")])
    if environ["PATH_INFO"] == "/big":
        return (b"x" * 2**20 for _ in range(64))
    return [str(length).encode()]
"""


class TestHasCome:
    @pytest.mark.parametrize(
        ("held", "is_whole"),
        [
            (b"", False),
            (b"GET / HTTP/1.1\r\nHost: a\r\n", False),
            (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", True),
            (HEAD + b"Content-Length: 2\r\n\r\n", False),
            (HEAD + b"content-length:2\r\n\r\na", False),
            (HEAD + b"Content-Length: 2\r\n\r\nab", True),
            (HEAD + b"Content-Length: 2\r\nExpect: 100-continue\r\n\r\n", True),
            (HEAD + f"Content-Length: {MOST_HELD}\r\n\r\n".encode(), True),
            (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", True),
            (HEAD + b"Content-Length: x\r\n\r\n", True),
            (b"x" * MOST_HELD, True),
        ],
    )
    def test_knows_when_a_thread_may_go_on(self, held, is_whole):
        assert has_come(held) is is_whole


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The port of one worker with two threads."""
    place = tmp_path_factory.mktemp("served")
    (place / "slow_app.py").write_text(APP)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environ = {**os.environ, "CRM_DATA_DIR": str(place), "WEB_CONCURRENCY": "1"}
    line = [sys.executable, "-m", "gunicorn", "-c", str(ROOT / "crm_project" / "gunicorn.py")]
    line += ["--threads", "2", "-b", f"127.0.0.1:{port}", "slow_app"]
    paths = os.pathsep.join([str(place), str(ROOT)])
    run = subprocess.Popen(line, cwd=place, env={**environ, "PYTHONPATH": paths})
    for _try in range(300):
        if answer(port, seconds=0.1):
            break
        assert run.poll() is None
    yield port
    run.send_signal(signal.SIGTERM)
    assert run.wait(20) == 0


def answer(port, *, seconds=1.0, path="/", content=b""):
    """What a client like others is told, or None when it waits for longer than that."""
    try:
        return httpx.post(f"http://127.0.0.1:{port}{path}", content=content, timeout=seconds)
    except httpx.TransportError:
        time.sleep(0.05)
        return None


def connected(stack, port, begin=b""):
    sock = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
    sock.sendall(begin)
    return sock


@pytest.mark.slow
class TestSlowClient:
    BEGINNINGS = (
        b"",
        b"G",
        HEAD,
        HEAD + b"Content-Length: 100\r\n\r\nab",
    )

    @pytest.mark.parametrize("begin", BEGINNINGS)
    def test_waits_without_a_thread_until_its_time_is_over(self, served, begin):
        with ExitStack() as stack:
            slow = [connected(stack, served, begin) for _ in range(20)]
            for _second in range(3):
                told = answer(served, content=b"12345")
                assert told is not None
                assert told.text == "5"
                time.sleep(0.5)
            end = slow[0].recv(1000)
            assert end.startswith(b"HTTP/1.1 408 ") if begin else end == b""

    def test_that_goes_on_byte_by_byte_gains_no_time(self, served):
        with ExitStack() as stack:
            slow = connected(stack, served, HEAD)
            began = time.monotonic()
            with suppress(OSError):  # a reset or a broken pipe
                while time.monotonic() < began + 10:
                    slow.sendall(b"X")
                    time.sleep(0.1)
            assert time.monotonic() < began + 6

    def test_with_a_body_too_long_to_hold_keeps_its_thread_only_for_a_while(self, served):
        with ExitStack() as stack:
            head = HEAD + f"Content-Length: {10 * MOST_HELD}\r\n\r\n".encode()
            slow = [connected(stack, served, head) for _ in range(2)]
            began = time.monotonic()
            for _tenth in range(15):
                for each in slow:
                    each.sendall(b"x")
                time.sleep(0.1)
            told = answer(served, seconds=5)
            assert told is not None
            assert time.monotonic() < began + 6
            assert b"\r\n-1\r\n" in slow[0].recv(1000)

    def test_that_does_not_read_keeps_its_thread_only_for_a_while(self, served):
        with ExitStack() as stack:
            for _each in range(2):
                connected(stack, served, b"GET /big HTTP/1.1\r\nHost: a\r\n\r\n")
            time.sleep(0.3)
            assert answer(served, seconds=5) is not None

    def test_keeps_nobody_from_sending_much(self, served):
        told = answer(served, seconds=10, content=b"x" * 5_000_000)
        assert told is not None
        assert told.text == "5000000"

    def test_of_two_requests_at_once_gets_both_answers(self, served):
        one = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
        with ExitStack() as stack:
            sock = connected(stack, served, one + one)
            got = b""
            while got.count(b"HTTP/1.1 200") < 2:
                got += sock.recv(1000)
