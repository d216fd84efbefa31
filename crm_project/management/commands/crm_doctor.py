from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError

from core.commands import OperatorCommand
from crm_project.doctor import data, installation, work  # noqa: F401 (register what to look at)
from crm_project.doctor.examining import Finding, examine


class Command(OperatorCommand):
    """Look at everything that may ail an installation."""

    help = (
        "Say what is not as it should be, each with the command that mends it. "
        "Exit status 1 when something is not."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--json", action="store_true", help="One JSON object, by examination")

    def handle(self, *args: Any, **options: Any) -> None:
        found: dict[str, list[Finding]] = {}
        for each, findings in examine():
            found[each.name] = findings
            if not options["json"]:
                self._show(each.name, findings)
        if options["json"]:
            facts = {name: [asdict(each) for each in all_of] for name, all_of in found.items()}
            self.stdout.write(json.dumps(facts, indent=1))
        number = sum(map(len, found.values()))
        if number:
            raise CommandError(f"{number} found.", returncode=1)

    def _show(self, name: str, findings: list[Finding]) -> None:
        self.stdout.write(f"{'BAD' if findings else 'ok ':4}{name}")
        for each in findings:
            where = f"{each.where}: " if each.where else ""
            self.stdout.write(f"    {where}{each.what}\n      -> {each.repair}")
