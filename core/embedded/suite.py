"""bin/test once everything is installed: the static checks, then pytest, whose summary is last."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from core.embedded.checks import run_checks
from core.embedded.datadir import DataDir, open_data_dir, open_lock, try_lock
from core.embedded.errors import EmbeddedError
from core.embedded.external import check_configured
from core.embedded.options import ROOT, default_data_dir
from core.embedded.processes import end_with
from core.embedded.services import Services
from core.embedded.signals import Stopped, stopping

DIRECTORIES = 8  # runs at the same time
EVERYDAY = "not slow"


def main() -> int:
    """Check and test; the exit status of pytest, or 1 when only a check failed."""
    try:
        with stopping(), own_data_dir() as data:
            check_configured()
            services = Services(data, durable=False)
            with services.in_use():
                return test(environment(services), sys.argv[1:])
    except Stopped:
        return 130
    except (EmbeddedError, OSError) as error:
        print(f"bin/test: {error}", file=sys.stderr)
        return 1


@contextmanager
def own_data_dir() -> Iterator[DataDir]:
    """A data directory that no other run uses at this moment: `test` in the usual one, or `test-2`
    and so on.
    """
    for number in range(1, DIRECTORIES + 1):
        name = "test" if number == 1 else f"test-{number}"
        data = open_data_dir(default_data_dir() / name)
        with open_lock(data.path / "run.lock") as handle:
            if try_lock(handle):
                yield data
                return
    raise EmbeddedError(f"{DIRECTORIES} runs of bin/test are under way already")


def environment(services: Services) -> dict[str, str]:
    """What the checks and the tests find in their environment."""
    fixed = {
        "DJANGO_SETTINGS_MODULE": "crm_project.settings.test",
        "CRM_DATA_DIR": str(services.data.path),
    }
    return dict(os.environ) | services.environment() | fixed


def test(environ: dict[str, str], words: list[str]) -> int:
    failed = run_checks(environ, ROOT)
    status = pytest([*defaults(words), *words], environ)
    return status or int(bool(failed))


def defaults(words: list[str]) -> list[str]:
    """The arguments that the caller left open: which tests, on how many processes."""
    chosen = [word[:2] for word in words if not word.startswith("--")]
    found = [] if "-m" in chosen else ["-m", EVERYDAY]
    alone = "-n" in chosen or "--pdb" in words or any("::" in word for word in words)
    return found if alone else [*found, "-n", "2"]


def pytest(words: list[str], environ: dict[str, str]) -> int:
    """Run pytest in the foreground; its exit status."""
    command = [sys.executable, "-m", "pytest", *words]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environ, preexec_fn=partial(end_with, os.getpid())
    )
    try:
        return process.wait()
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    sys.exit(main())
