"""What bin/start is told."""

import socket
from pathlib import Path

import pytest

from core.embedded.errors import EmbeddedError
from core.embedded.options import ROOT, Options, claimed, parse


def options(folder: Path, port: int = 0) -> Options:
    return Options("127.0.0.1", port, folder / "data", demo=True)


class TestParse:
    def test_has_defaults_for_everything(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("CRM_DATA_DIR", raising=False)
        assert parse([]) == Options("127.0.0.1", 8000, ROOT / ".data", demo=True)

    def test_takes_the_data_directory_of_the_environment(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("CRM_DATA_DIR", "/srv/crm")
        assert parse([]).data_dir == Path("/srv/crm")

    def test_prefers_what_it_is_told(self) -> None:
        words = ["--host", "::1", "--port", "9000", "--data-dir", "/srv/crm", "--no-demo"]
        assert parse(words) == Options("::1", 9000, Path("/srv/crm"), demo=False)

    @pytest.mark.parametrize("port", ["-1", "65536", "eighty", ""])
    def test_refuses_what_is_no_port(self, port: str) -> None:
        with pytest.raises(SystemExit) as refusal:
            parse([f"--port={port}"])
        assert refusal.value.code == 2


class TestUrl:
    @pytest.mark.parametrize(
        ("host", "url"),
        [
            ("127.0.0.1", "http://127.0.0.1:80"),
            ("0.0.0.0", "http://127.0.0.1:80"),
            ("::", "http://[::1]:80"),
            ("::1", "http://[::1]:80"),
        ],
    )
    def test_can_be_opened_on_this_machine(self, host: str, url: str) -> None:
        assert Options(host, 80, ROOT, demo=True).url == url


class TestClaimed:
    def test_chooses_a_free_port_for_zero(self, tmp_path: Path) -> None:
        with claimed(options(tmp_path)) as (_, chosen):
            assert chosen.port > 0

    def test_refuses_a_second_start_and_names_the_first(self, tmp_path: Path) -> None:
        with claimed(options(tmp_path)) as (_, chosen):
            refused = pytest.raises(EmbeddedError, match=f"already running .*{chosen.url}")
            with refused, claimed(options(tmp_path)):
                pass

    def test_lets_the_next_start_in_after_the_first(self, tmp_path: Path) -> None:
        for _ in range(2):
            with claimed(options(tmp_path)) as (data, _):
                assert data.path == tmp_path / "data"

    def test_refuses_a_port_that_is_taken(self, tmp_path: Path) -> None:
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]
            refused = pytest.raises(EmbeddedError, match=f"port {port} of 127.0.0.1 is taken")
            with refused, claimed(options(tmp_path, port)):
                pass
