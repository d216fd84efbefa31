from __future__ import annotations

from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import CommandError
from django.db import connection, transaction
from django.utils import timezone

from accounts.tenants.models import Tenant
from analytics.dashboard.filters import Filters
from analytics.dashboard.verifying import find_differences
from analytics.management.base import TenantsCommand
from analytics.snapshots.presets import presets
from prospects.imports.watching import progress_bar

ONE_MOMENT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
STAGES = ("won", "customer_lost", "in_recharge")
MOST_SHOWN = 40  # differences of a tenant: one lead is in many figures


class Command(TenantsCommand):
    """Prove that leads and figures are what the source tables say."""

    help = (
        "Work out leads and payload a second time, row by row, from the source tables and report "
        "every difference. Exit status 1 when there is one; what changed since the last sync is "
        "one, too: run sync_analytics first."
    )

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--sample", type=_number, help="Compare so many leads drawn at random, and no payload"
        )
        parser.add_argument(
            "--all",
            action="store_true",
            help=f"Show more than {MOST_SHOWN} differences of a tenant",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.differences = 0
        super().handle(*args, **options)
        if self.differences:
            raise CommandError(
                f"{self.differences:,} differences. What has changed since the last sync is one, "
                "too: if you have not run sync_analytics right before, do, and then this again.",
                returncode=1,
            )

    def handle_tenant(self, tenant: Tenant, options: dict[str, Any]) -> None:
        before, is_nested = self.differences, connection.in_atomic_block
        with transaction.atomic():
            if not is_nested:
                with connection.cursor() as cursor:
                    cursor.execute(ONE_MOMENT)
            self._verify(tenant, options["sample"], None if options["all"] else MOST_SHOWN)
        if self.differences == before:
            self.console.print(f"{tenant.slug}: no difference.")

    def _verify(self, tenant: Tenant, sample: int | None, most: int | None) -> None:
        at, found = timezone.now(), 0
        with progress_bar(self.console, tenant.slug, total=None) as on_progress:
            for line in find_differences(
                tenant,
                at=at,
                questions=questions(tenant, at),
                sample=sample,
                on_progress=on_progress,
            ):
                found += 1
                if most is None or found <= most:
                    self.stderr.write(f"{tenant.slug}: {line}")
        self.differences += found
        if most is not None and found > most:
            self.stderr.write(f"{tenant.slug}: and {found - most:,} more (--all shows them)")


def questions(tenant: Tenant, at: Any) -> list[Filters]:
    """What the payload is compared for: all time, the presets, and each virtual stage."""
    periods = [filters for _, filters in presets(at.astimezone(tenant.zone).date())]
    return [Filters(), *periods, *(Filters(stage=stage) for stage in STAGES)]


def _number(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise ArgumentTypeError("must be a whole number from 1 on")
    return int(text)
