from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError

from accounts.two_factor.services import remove
from accounts.users.models import User
from core.commands import OperatorCommand


class Command(OperatorCommand):
    """Take two-factor sign-in off an account whose owner has lost phone and backup codes."""

    help = "Take two-factor sign-in off an account, an operator's included: nobody else can."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("email", help="Who signs in with their password alone from now on")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].strip().lower()
        user = User.objects.filter(email=email, two_factor_since__isnull=False).first()
        if user is None:
            raise CommandError(f"Nobody has two-factor sign-in as {options['email']}.")
        remove(user_id=user.pk)
        self.stdout.write(f"{user.email} signs in with the password alone now.")
