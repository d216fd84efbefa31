from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError

from accounts.tenants.models import Tenant
from core.checks import IntegrityCheck, integrity_checks
from core.commands import OperatorCommand
from core.tenancy import tenant_scope


class Command(OperatorCommand):
    """Prove what must always be true of the data."""

    help = "Check what must always be true of the data. Exit status 1 when something is not."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--tenant", help="Slug of one tenant; without it, all")
        parser.add_argument("--repair", action="store_true", help="Mend what can be mended")

    def handle(self, *args: Any, **options: Any) -> None:
        tenants = Tenant.objects.order_by("pk")
        if options["tenant"]:
            tenants = tenants.filter(slug=options["tenant"])
            if not tenants:
                raise CommandError(f"There is no tenant {options['tenant']}.")
        broken = 0
        for tenant in tenants:
            for check in integrity_checks():
                with tenant_scope(tenant.pk):
                    broken += self._run(tenant, check, options["repair"])
        if broken:
            raise CommandError(f"{broken} found.", returncode=1)
        self.stdout.write(f"{len(integrity_checks())} checks passed for {len(tenants)} tenants.")

    def _run(self, tenant: Tenant, check: IntegrityCheck, is_repairing: bool) -> int:
        """Report what is broken; returns how much still is."""
        lines = list(check.find())
        for line in lines:
            self.stderr.write(f"{tenant.slug}: {check.name}: {line}")
        if lines and is_repairing and check.repair:
            check.repair()
            self.stderr.write(f"{tenant.slug}: {check.name}: repaired")
            return 0
        return len(lines)
