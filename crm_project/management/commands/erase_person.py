from __future__ import annotations

from typing import Any

from django.utils import timezone

from core.commands import OperatorCommand
from core.tenancy import tenant_scope
from crm_project.privacy.erasing import Erased, erase_person
from crm_project.privacy.finding import tenant_named


class Command(OperatorCommand):
    """Erase what is known of a person."""

    help = "Erase what a tenant knows of the person with an email address, history included."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("slug", help="The tenant's slug")
        parser.add_argument("email")
        parser.add_argument(
            "--keep-documents",
            action="store_true",
            help="The name stays where quotes, invoices, contracts or payments must be kept",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with tenant_scope(tenant_named(options["slug"]).pk):
            done = erase_person(
                email=options["email"].strip().lower(),
                keeps_documents=options["keep_documents"],
                at=timezone.now(),
            )
        self._show(done)

    def _show(self, done: Erased) -> None:
        self.stdout.write(f"Erased: contacts {', '.join(map(str, done.contacts))}")
        for name, number in done.rows.items():
            self.stdout.write(f"{number:>8,} {name}")
        for pk in sorted(done.kept):
            self.stdout.write(f"The name of contact {pk} stays: documents name it.")
        for each in done.mentions:
            ids = ", ".join(map(str, each.ids))
            why = f"kept {each.why}" if each.why else "look at them by hand"
            self.stdout.write(f"Still mentioned in {each.number:,} × {each.table} ({ids}): {why}.")
        self.stdout.write("Files of imports and exports, and backups, are not looked into.")
