from __future__ import annotations

import getpass
from typing import Any

from accounts.tenants.services import create_tenant
from core.commands import OperatorCommand


class Command(OperatorCommand):
    """Create a tenant with its first user and default data."""

    help = "Create a tenant, its first user (role admin) and its default data."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("name", help="The company's name")
        parser.add_argument("--slug", help="Short name for commands; made from the name if absent")
        parser.add_argument("--admin-name", required=True, help="The first user's full name")
        parser.add_argument("--email", required=True, help="The first user's email")
        parser.add_argument("--password", help="Asked for if absent")

    def handle(self, *args: Any, **options: Any) -> None:
        user = create_tenant(
            name=options["name"],
            slug=options["slug"],
            admin_name=options["admin_name"],
            email=options["email"],
            password=options["password"] or getpass.getpass("Password: "),
        )
        slug = user.tenant.slug  # type: ignore[union-attr]
        self.stdout.write(f"Created tenant {slug} with {user.email} as its admin.")
