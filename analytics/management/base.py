"""What the commands of analytics share."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from rich.console import Console

from accounts.tenants.models import Tenant
from core.commands import OperatorCommand
from core.tenancy import tenant_scope


class TenantsCommand(OperatorCommand):
    """Works through one tenant or all of them; what fails for one does not stop the others."""

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--tenant", help="Slug of one tenant; without it, all that are active")

    def handle(self, *args: Any, **options: Any) -> None:
        self.console = Console(file=self.stdout, soft_wrap=True)  # type: ignore[arg-type]
        failed = 0
        for tenant in self.tenants(options["tenant"]):
            try:
                with tenant_scope(tenant.pk):
                    self.handle_tenant(tenant, options)
            except Exception as error:
                failed += 1
                self.stderr.write(f"{tenant.slug}: {type(error).__name__}: {error}")
        if failed:
            raise CommandError(f"Failed for {failed} of them.", returncode=1)

    def tenants(self, slug: str | None) -> list[Tenant]:
        """The tenants that are meant.

        :raises CommandError: there is none with this slug.
        """
        if slug is None:
            return list(Tenant.objects.filter(is_active=True).order_by("pk"))
        found = list(Tenant.objects.filter(slug=slug))
        if not found:
            raise CommandError(f"There is no tenant {slug}.")
        return found

    def handle_tenant(self, tenant: Tenant, options: dict[str, Any]) -> None:
        """Do the work, acting for the tenant."""
        raise NotImplementedError
