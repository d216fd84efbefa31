"""A pytest plugin: runs the static checks meanwhile and reports them above pytest's own summary."""

import os
from pathlib import Path

import pytest

from core.embedded.checks import CHECKS, Check
from core.embedded.template import TEMPLATE

running = pytest.StashKey[list[Check]]()
failures = pytest.StashKey[list[str]]()


def pytest_sessionstart(session: pytest.Session) -> None:
    """Begin the checks, once; have the test databases copied from the migrated one."""
    if not hasattr(session.config, "workerinput"):  # the workers of pytest-xdist have it
        root = Path(session.config.rootpath)
        session.config.stash[running] = [Check(name, root) for name in CHECKS]
    if template := os.environ.get(TEMPLATE):
        from django.db import connection

        connection.settings_dict["TEST"]["TEMPLATE"] = template


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> object:
    """Make the run a failure when only a check has failed."""
    outcome = yield
    failed = session.config.stash.get(failures, [])
    if failed and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    return outcome


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Report the checks."""
    config = terminalreporter.config
    config.stash[failures] = []
    terminalreporter.section("checks")
    for check in config.stash[running]:
        passed, words = check.result()
        terminalreporter.line(f"{check.name}: {'ok' if passed else 'failed'}")
        if not passed:
            terminalreporter.line(words)
            config.stash[failures].append(check.name)
