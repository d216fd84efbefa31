"""bin/start once everything is installed: services, migrations, web, worker and beat."""

import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from core.embedded.children import Child
from core.embedded.datadir import DataDir
from core.embedded.errors import EmbeddedError
from core.embedded.external import check_configured
from core.embedded.options import MARK, ROOT, Options, claimed, parse
from core.embedded.readiness import wait_ready
from core.embedded.services import Services
from core.embedded.signals import Stopped, stopping
from core.embedded.supervisor import Supervisor
from core.embedded.watch import Watch

WSGI = "crm_project.wsgi"
DEMO = """  Sign in at {url}/admin/ with one of these, password demo-crm-2026:
    admin@demo.test  manager@demo.test  ana@demo.test  luis@demo.test  viewer@demo.test
    admin@demo-two.test (another tenant)  ops@demo.test (operator, outside the tenants)"""


def main() -> int:
    """Run until a signal; 0 after an orderly stop, 1 with one line on stderr when it cannot run."""
    options = parse(sys.argv[1:])
    os.umask(0o077)
    try:
        with stopping():
            start(options)
    except Stopped:
        say("Stopped.")
    except (EmbeddedError, OSError) as error:
        print(f"bin/start: {error}", file=sys.stderr)
        return 1
    return 0


def start(options: Options) -> None:
    check_configured()
    with claimed(options) as (data, chosen):
        services = Services(data)
        say("Starting the database and the broker ...")
        with services.in_use():
            environ = environment(services, chosen)
            set_up(data, environ, demo=chosen.demo)
            with running(programs(data, chosen), environ) as supervisor:
                watch = Watch(services)
                wait_ready(chosen.url, lambda: look_after(supervisor, watch))
                announce(data, chosen)
                supervise(supervisor, watch)


def environment(services: Services, options: Options) -> dict[str, str]:
    """What every program of this run finds in its environment."""
    path = str(services.data.path)
    # The worker adds up there; the web server's own settings name the folder beside it.
    metrics = str(services.data.path / "metrics" / "worker")
    fixed = {"CRM_DATA_DIR": path, MARK: path, "PROMETHEUS_MULTIPROC_DIR": metrics}
    if hosts := os.environ.get("CRM_ALLOWED_HOSTS"):
        fixed["CRM_ALLOWED_HOSTS"] = f"{hosts},localhost"  # we ask for /readyz by that name
    elif options.host not in ("127.0.0.1", "localhost", "::1"):
        fixed["CRM_ALLOWED_HOSTS"] = "*"  # opened to a network whose names for us we do not know
    usual = {
        "DJANGO_SETTINGS_MODULE": "crm_project.settings.dev",
        "CRM_PUBLIC_URL": options.url,
    }
    return usual | dict(os.environ) | services.environment() | fixed


def set_up(data: DataDir, environ: Mapping[str, str], *, demo: bool) -> None:
    """Bring the schema up to date and, on the first start, load the postal codes and seed the demo
    tenants.

    Raises EmbeddedError.
    """
    say("Bringing the database up to date ...")
    manage(data, environ, "migrate", "--no-input")
    manage(data, environ, "load_postal_codes", "--if-empty")
    if demo:
        manage(data, environ, "seed_demo")


def manage(data: DataDir, environ: Mapping[str, str], command: str, *words: str) -> None:
    line = [sys.executable, "manage.py", command, *words]
    Child(command, line, data.log / "setup.log").run_to_end(environ, ROOT)


def programs(data: DataDir, options: Options) -> list[Child]:
    """Web server, worker and beat."""
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "-A", "crm_project"]
    schedule = str(data.path / "celerybeat-schedule")
    words = {
        "web": [
            *python,
            "gunicorn",
            "-c",
            "crm_project/gunicorn.py",
            "-b",
            options.authority,
            WSGI,
        ],
        "worker": [*celery, "worker", "-c", "2", "-l", "info"],
        "beat": [*celery, "beat", "-l", "info", "-s", schedule],
    }
    return [Child(name, line, data.log / f"{name}.log") for name, line in words.items()]


@contextmanager
def running(children: list[Child], environ: Mapping[str, str]) -> Iterator[Supervisor]:
    supervisor = Supervisor(children, environ, ROOT)
    try:
        supervisor.start(time.monotonic())
        yield supervisor
    finally:
        say("Stopping ...")
        supervisor.stop()


def announce(data: DataDir, options: Options) -> None:
    say(
        f"Ready: {options.url}   (Ctrl-C stops everything)\n"
        f"  API pages: {options.url}/api/docs   logs: {data.log}"
    )
    if options.demo:
        say(DEMO.format(url=options.url))


def look_after(supervisor: Supervisor, watch: Watch) -> None:
    """While a start is under way a program may not end, but the database and broker may.

    Raises EmbeddedError.
    """
    supervisor.require_running()
    watch.tick(time.monotonic())


def supervise(supervisor: Supervisor, watch: Watch) -> None:
    """For ever: restart what ends."""
    while True:
        now = time.monotonic()
        supervisor.tick(now)
        watch.tick(now)
        time.sleep(0.5)


def say(words: str) -> None:
    print(words, flush=True)


if __name__ == "__main__":
    sys.exit(main())
