"""What decides whether anything is installed."""

import json
from pathlib import Path

import pytest

from core.embedded.virtualenv import fingerprints, installed


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "all.txt").write_text("# more\n-r some.txt\nextra==1\n")
    (tmp_path / "some.txt").write_text("library==1\n")
    return tmp_path


class TestFingerprints:
    def test_cover_the_files_that_are_included(self, checkout: Path) -> None:
        assert set(fingerprints(checkout, "all.txt")) == {"all.txt", "some.txt"}

    def test_change_with_an_included_file(self, checkout: Path) -> None:
        before = fingerprints(checkout, "all.txt")
        (checkout / "some.txt").write_text("library==2\n")
        after = fingerprints(checkout, "all.txt")
        assert after["all.txt"] == before["all.txt"]
        assert after["some.txt"] != before["some.txt"]

    def test_of_less_are_part_of_those_of_more(self, checkout: Path) -> None:
        some, everything = fingerprints(checkout, "some.txt"), fingerprints(checkout, "all.txt")
        assert some.items() <= everything.items()


class TestInstalled:
    def test_is_nothing_in_a_missing_environment(self, tmp_path: Path) -> None:
        assert installed(tmp_path / ".venv") == {}

    def test_is_nothing_when_the_note_was_cut_off(self, tmp_path: Path) -> None:
        (tmp_path / "installed.json").write_text('{"some.txt"')
        assert installed(tmp_path) == {}

    def test_is_what_the_last_installation_noted(self, tmp_path: Path) -> None:
        (tmp_path / "installed.json").write_text(json.dumps({"some.txt": "abc"}))
        assert installed(tmp_path) == {"some.txt": "abc"}
