from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone
from rich.console import Console

from accounts.tenants.models import Tenant
from core.commands import OperatorCommand
from core.tenancy import tenant_scope
from prospects.imports.models import ImportJob
from prospects.imports.rejected import write_rejected
from prospects.imports.services import apply_import, claim_undo, plan_import, undo_import
from prospects.imports.watching import progress_bar, summary


class Command(OperatorCommand):
    """Import a file of prospects: plan it, show what it says, write it."""

    help = "Import prospects from a CSV or .xlsx file."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "file", type=Path, nargs="?", help="CSV or .xlsx with a line of column names"
        )
        parser.add_argument("--tenant", required=True, help="Slug of the tenant")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="COLUMN=FIELD",
            help="What a column holds; columns named like a field need no mapping",
        )
        parser.add_argument(
            "--set",
            action="append",
            default=[],
            metavar="FIELD=VALUE",
            help="The same value in every row",
        )
        parser.add_argument(
            "--external-id-column", metavar="COLUMN", help="Identifies rows: importing again skips"
        )
        parser.add_argument(
            "--update", action="store_true", help="Change cards that have the row's external id"
        )
        parser.add_argument(
            "--create-users",
            action="store_true",
            help="Create owners that nobody is, without a password",
        )
        parser.add_argument(
            "--undo", type=int, metavar="ID", help="Take back what this import has written"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="Show what would happen and change nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = Tenant.objects.filter(slug=options["tenant"]).first()
        if tenant is None:
            raise CommandError(f"There is no tenant {options['tenant']}.")
        console = Console(file=self.stdout)  # type: ignore[arg-type]
        if (options["file"] is None) == (options["undo"] is None):
            raise CommandError("Name a file, or an import with --undo.")
        with tenant_scope(tenant.pk):
            if options["undo"] is not None:
                self._undo(console, options["undo"])
            elif options["dry_run"]:
                with transaction.atomic():
                    self._report(console, self._plan(console, options), options)
                    transaction.set_rollback(True)
                console.print("Nothing was written: this was a dry run.")
            else:
                job = self._plan(console, options)
                self._report(console, self._apply(console, job), options)

    def _plan(self, console: Console, options: dict[str, Any]) -> ImportJob:
        mapping = _pairs(options["map"], "--map")
        if options["external_id_column"]:
            mapping[options["external_id_column"]] = "external_id"
        with progress_bar(console, "Reading", total=None) as on_progress:
            return plan_import(
                file=options["file"],
                file_name=options["file"].name,
                mapping=mapping,
                constants=_pairs(options["set"], "--set"),
                is_update=options["update"],
                creates_users=options["create_users"],
                by=None,
                at=timezone.now(),
                on_progress=on_progress,
            )

    def _apply(self, console: Console, job: ImportJob) -> ImportJob:
        total = job.counts["create"] + job.counts["update"]
        with progress_bar(console, "Writing", total=total) as on_progress:
            return apply_import(job_id=job.pk, at=timezone.now(), on_progress=on_progress)

    def _undo(self, console: Console, job_id: int) -> None:
        if not ImportJob.objects.filter(pk=job_id).exists():
            raise CommandError(f"There is no import {job_id}.")
        total = claim_undo(job_id).rows_applied
        with progress_bar(console, "Undoing", total=total) as on_progress:
            job = undo_import(job_id=job_id, at=timezone.now(), on_progress=on_progress)
        console.print(f"{job.rows_undone:,} rows undone, {job.rows_spared:,} spared.")

    def _report(self, console: Console, job: ImportJob, options: dict[str, Any]) -> None:
        console.print(summary(job))
        if job.counts["duplicate"] or job.counts["error"]:
            path = _path_of_rejected(options["file"])
            with path.open("w", encoding="utf-8-sig", newline="") as file:
                number = write_rejected(job, file)
            console.print(f"{number:,} rows were refused: {path}", soft_wrap=True)
        if job.status == ImportJob.Status.APPLIED:
            console.print(f"To take it back: --undo {job.pk}")


def _pairs(texts: list[str], option: str) -> dict[str, str]:
    pairs = [text.rpartition("=") if option == "--map" else text.partition("=") for text in texts]
    for (left, mark, right), text in zip(pairs, texts, strict=True):
        if not (left and mark and right):
            raise CommandError(f"{option} takes two words with = between them, not {text!r}.")
    return {left.strip(): right.strip() for left, _, right in pairs}


def _path_of_rejected(file: Path) -> Path:
    """Beside the file, or in the current directory if that cannot be written."""
    name = f"{file.stem}.rejected.csv"
    return file.with_name(name) if os.access(file.parent, os.W_OK) else Path(name)
