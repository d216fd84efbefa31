from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from accounts.sessions.services import issue_token
from accounts.users.models import User
from core.commands import OperatorCommand


class Command(OperatorCommand):
    """Print a long-lived API token of a user."""

    help = "Print a long-lived API token for an integration or agent: a named, revocable session."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("email", help="Whose rights the token has")
        parser.add_argument("--days", type=int, default=365, help="Days until it expires")
        parser.add_argument("--name", default="token", help="What it is for")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["days"] <= 3650:
            raise CommandError("--days must be from 1 to 3650.")
        if len(options["name"]) > 100:
            raise CommandError("--name must have at most 100 characters.")
        user = User.objects.active().filter(email=options["email"].strip().lower()).first()
        if user is None or user.tenant_id is None or not user.tenant.is_active:
            raise CommandError(f"No active user of a tenant signs in as {options['email']}.")
        token = issue_token(
            user=user, name=options["name"], days=options["days"], at=timezone.now()
        )
        self.stdout.write(token)
