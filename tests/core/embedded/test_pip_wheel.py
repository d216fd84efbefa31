"""pip for a Python without ensurepip, from an index of our own."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from core.embedded.errors import EmbeddedError
from core.embedded.pip_wheel import WHEEL, fetch

Serve = Callable[[dict[str, bytes]], None]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """An index that holds these files, by path."""
    files: dict[str, bytes] = {}

    class Index(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = files.get(self.path)
            self.send_response(404 if content is None else 200)
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, *_words: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Index) as server:
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{server.server_port}/simple/")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield files.update
        server.shutdown()


class TestFetch:
    def test_refuses_another_file_of_the_same_name(self, serve: Serve) -> None:
        page = f'<a href="../../files/{WHEEL}#sha256=abc">{WHEEL}</a>'.encode()
        serve({"/simple/pip/": page, f"/files/{WHEEL}": b"not it"})
        with pytest.raises(EmbeddedError, match="is not the one that we know"):
            fetch()

    def test_says_that_the_index_does_not_have_it(self, serve: Serve) -> None:
        serve({"/simple/pip/": b"<a href='pip-1.0.tar.gz'>pip</a>"})
        with pytest.raises(EmbeddedError, match=f"has no {WHEEL}"):
            fetch()

    def test_says_what_to_install_when_there_is_no_index(self, serve: Serve) -> None:
        serve({})
        with pytest.raises(EmbeddedError, match="apt-get install python3-venv"):
            fetch()
