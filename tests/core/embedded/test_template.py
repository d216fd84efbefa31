"""When the migrated database is made again."""

from pathlib import Path

import pytest

from core.embedded.template import fingerprint


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "requirements.txt").write_text("Django==1\n")
    (tmp_path / "app" / "migrations").mkdir(parents=True)
    (tmp_path / "app" / "migrations" / "0001_initial.py").write_text("one")
    return tmp_path


class TestFingerprint:
    def test_stays_while_nothing_of_it_changes(self, checkout: Path) -> None:
        before = fingerprint(checkout)
        (checkout / "app" / "models.py").write_text("anything")
        assert fingerprint(checkout) == before

    @pytest.mark.parametrize(
        "path",
        [
            "requirements.txt",
            "app/migrations/0001_initial.py",
            "app/migrations/0002_more.py",
            "app/leaf/migrations/0001_initial.py",
        ],
    )
    def test_changes_with_what_the_migrations_do(self, checkout: Path, path: str) -> None:
        before = fingerprint(checkout)
        (checkout / path).parent.mkdir(parents=True, exist_ok=True)
        (checkout / path).write_text("changed")
        assert fingerprint(checkout) != before
