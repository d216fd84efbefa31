"""When is a start over?"""

import time
from collections.abc import Callable
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

from core.embedded.errors import EmbeddedError

SECONDS = 90
direct = build_opener(ProxyHandler({}))  # never through a proxy: it is this machine


def wait_ready(url: str, require_running: Callable[[], None]) -> None:
    """Return once `/readyz` answers 200. Raises EmbeddedError when a program ends or time is up."""
    deadline = time.monotonic() + SECONDS
    while (answer := ask(f"{url}/readyz")) != "":
        require_running()
        if time.monotonic() > deadline:
            raise EmbeddedError(f"{url}/readyz is not ready after {SECONDS} s: {answer}")
        time.sleep(0.1)


def ask(url: str) -> str:
    """What stands in the way, in the server's words; empty when it is ready."""
    try:
        with direct.open(Request(url, headers={"Host": "localhost"}), timeout=5):
            return ""
    except HTTPError as error:
        return f"{error.code} {error.read(500).decode(errors='replace')}"
    except (URLError, OSError) as error:
        return str(error)
