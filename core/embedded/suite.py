"""bin/test once everything is installed: the static checks, then pytest, whose summary is last."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial

from core.embedded.datadir import DataDir, open_data_dir, open_lock, try_lock
from core.embedded.errors import EmbeddedError
from core.embedded.external import check_configured
from core.embedded.options import MARK, ROOT, default_data_dir, mark_of
from core.embedded.processes import end_all, end_with, marked
from core.embedded.services import Services
from core.embedded.signals import Stopped, stopping
from core.embedded.template import TEMPLATE, migrated_database

PATIENCE = 20  # seconds for pytest to end after Ctrl-C
DIRECTORIES = 8  # runs at the same time
PLUGINS = ("-p", "core.embedded.pytest_checks", "-p", "no:faker", "-p", "no:valkey")
EVERYDAY = "not slow and not browser and not fuzz"


def main() -> int:
    """Check and test; the exit status of pytest, or 1 when only a check failed."""
    try:
        with stopping(), own_data_dir() as data:
            check_configured()
            services = Services(data, durable=False)
            with services.in_use():
                return run_pytest(sys.argv[1:], environment(services))
    except Stopped:
        return 130
    except (EmbeddedError, OSError) as error:
        print(f"bin/test: {error}", file=sys.stderr)
        return 1


@contextmanager
def own_data_dir() -> Iterator[DataDir]:
    """A directory no other run uses at this moment: `test` in the usual one, `test-2` and so on."""
    for number in range(1, DIRECTORIES + 1):
        name = "test" if number == 1 else f"test-{number}"
        data = open_data_dir(default_data_dir() / name)
        with open_lock(data.path / "run.lock") as handle:
            if not try_lock(handle):
                continue
            end_leftovers(data)
            try:
                yield data
            finally:
                end_leftovers(data)
            return
    raise EmbeddedError(f"{DIRECTORIES} runs of bin/test are under way already")


def end_leftovers(data: DataDir) -> None:
    """Workers of pytest-xdist outlive a killed pytest for a while and would use our databases."""
    end_all(marked(mark_of(data)), PATIENCE)


def environment(services: Services) -> dict[str, str]:
    """What the tests find in their environment."""
    path = str(services.data.path)
    fixed = {
        "DJANGO_SETTINGS_MODULE": "crm_project.settings.test",
        "CRM_DATA_DIR": path,
        MARK: path,
    }
    environ = dict(os.environ) | services.environment() | fixed
    if "DATABASE_URL" in services.wanted:  # never in a server that is not ours
        environ[TEMPLATE] = migrated_database(environ["DATABASE_URL"], environ, ROOT)
    return environ


def defaults(words: list[str]) -> list[str]:
    """The arguments that the caller left open: which tests, on how many processes."""
    chosen = [word[:2] for word in words if not word.startswith("--")]
    found = [] if "-m" in chosen else ["-m", EVERYDAY]
    alone = "-n" in chosen or "--pdb" in words or any("::" in word for word in words)
    return found if alone else [*found, "-n", "2"]


def run_pytest(words: list[str], environ: dict[str, str]) -> int:
    """Run pytest in the foreground; its exit status, which covers the checks."""
    command = [sys.executable, "-m", "pytest", *PLUGINS, *defaults(words), *words]
    tied = partial(end_with, os.getpid())
    with subprocess.Popen(command, cwd=ROOT, env=environ, preexec_fn=tied) as process:
        try:
            return process.wait()
        except Stopped as stopped:
            if stopped.number != signal.SIGINT:  # the terminal sends that one to pytest as well
                process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE)
            process.kill()
            raise


if __name__ == "__main__":
    sys.exit(main())
