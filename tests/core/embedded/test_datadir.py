"""The data directory."""

import stat
from pathlib import Path

import pytest

from core.embedded.datadir import open_data_dir, open_lock, try_lock
from core.embedded.errors import EmbeddedError


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


class TestOpenDataDir:
    def test_makes_it_with_its_parents_closed_to_others(self, tmp_path: Path) -> None:
        data = open_data_dir(tmp_path / "a" / "b")
        assert mode(data.path) & 0o066 == 0
        assert mode(data.log) == 0o700

    def test_leaves_an_existing_one_as_it_is(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o755)
        assert mode(open_data_dir(tmp_path).path) == 0o755

    @pytest.mark.parametrize("inside", ["", "deeper"])
    def test_says_that_a_file_is_none(self, tmp_path: Path, inside: str) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(EmbeddedError, match="cannot write the data directory"):
            open_data_dir(tmp_path / "file" / inside)


class TestKept:
    def test_is_empty_at_first(self, tmp_path: Path) -> None:
        assert open_data_dir(tmp_path).read("state.json") == {}

    def test_comes_back_and_only_the_owner_reads_it(self, tmp_path: Path) -> None:
        data = open_data_dir(tmp_path)
        data.write("state.json", {"port": 5432})
        assert data.read("state.json") == {"port": 5432}
        assert mode(tmp_path / "state.json") == 0o600

    def test_says_which_file_is_broken(self, tmp_path: Path) -> None:
        (tmp_path / "state.json").write_text('{"port"')
        with pytest.raises(EmbeddedError, match=r"state\.json is not JSON"):
            open_data_dir(tmp_path).read("state.json")


class TestSecretKey:
    def test_stays_the_same_for_one_directory(self, tmp_path: Path) -> None:
        key = open_data_dir(tmp_path).secret_key()
        assert open_data_dir(tmp_path).secret_key() == key
        assert mode(tmp_path / "secret_key") == 0o600

    def test_differs_between_directories(self, tmp_path: Path) -> None:
        keys = {open_data_dir(tmp_path / name).secret_key() for name in "ab"}
        assert len(keys) == 2


class TestLocked:
    def test_says_who_is_busy_when_patience_ends(self, tmp_path: Path) -> None:
        data = open_data_dir(tmp_path)
        busy = pytest.raises(EmbeddedError, match="busy")
        with data.locked(), busy, data.locked(patience=0):
            pass

    def test_lets_users_share(self, tmp_path: Path) -> None:
        with open_lock(tmp_path / "x") as one, open_lock(tmp_path / "x") as two:
            assert try_lock(one, shared=True)
            assert try_lock(two, shared=True)
            assert not try_lock(two)
