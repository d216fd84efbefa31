"""`python -m tests.audit`: is a known vulnerability in what is installed?

A finding fails the build. A machine that cannot reach the server of advisories says so and goes on:
what nobody could look up is no finding.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

# By its id, with the reason: what is known and does not concern us.
KNOWN: dict[str, str] = {}
COMMAND = [sys.executable, "-m", "pip_audit", "--local", "--format", "json", "--timeout", "15"]


def findings(report: dict[str, Any]) -> list[str]:
    """Each vulnerability that is not known, with the versions that mend it."""
    return [
        f"{package['name']} {package['version']}: {found['id']}, mended in "
        f"{', '.join(found.get('fix_versions') or ['no version'])}"
        for package in report["dependencies"]
        for found in package.get("vulns", ())
        if not {found["id"], *found.get("aliases", ())} & KNOWN.keys()
    ]


def read(output: str) -> dict[str, Any] | None:
    """What pip-audit has found; None when it could not ask."""
    try:
        report = json.loads(output)
    except ValueError:
        return None
    return report if isinstance(report, dict) and "dependencies" in report else None


def main() -> int:
    """The exit status; what was found is printed."""
    run = subprocess.run(COMMAND, capture_output=True, text=True, check=False)
    report = read(run.stdout)
    if report is None:
        last = (run.stderr.strip().splitlines() or ["no answer"])[-1]
        print(f"NOTICE: advisories cannot be read here: {last}")  # noqa: T201
        return 0
    unknown = [each["name"] for each in report["dependencies"] if "skip_reason" in each]
    found = findings(report)
    for line in found:
        print(line)  # noqa: T201
    looked = len(report["dependencies"]) - len(unknown)
    print(f"{looked} packages looked up, {len(unknown)} not known, {len(found)} findings")  # noqa: T201
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
