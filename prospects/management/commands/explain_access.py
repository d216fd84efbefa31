from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import override

from accounts.users.models import User
from core.commands import OperatorCommand
from core.tenancy import tenant_scope
from prospects.pipeline.models import Prospect
from prospects.sharing.explaining import access_of


class Command(OperatorCommand):
    """Say whether and why a user sees a card."""

    help = "Say by which rule a user sees a prospect, or that they do not. Exits with 1 then."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("user", metavar="EMAIL", help="By which they sign in")
        parser.add_argument("prospect", type=int, metavar="ID", help="The prospect's id")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["user"].strip().lower()).first()
        if user is None:
            raise CommandError(f"Nobody signs in as {options['user']}.")
        if user.tenant_id is None:
            self.stdout.write(f"{user.email} is an operator and sees every tenant's prospects.")
            return
        with tenant_scope(user.tenant_id):
            self._explain(user, options["prospect"])

    def _explain(self, user: User, pk: int) -> None:
        card = Prospect.all_objects.filter(pk=pk).first()
        if card is None:
            raise CommandError(f"There is no prospect {pk} in the tenant of {user.email}.")
        if not user.is_active:
            raise CommandError(f"{user.email} is deactivated and sees nothing.")
        if card.deleted_at is not None:
            raise CommandError(f"Prospect {pk} ({card}) is deleted: nobody sees it.")
        access = access_of(user, pk)
        if access is None:
            raise CommandError(
                f"{user.email} ({user.role}) does not see prospect {pk} ({card}): they neither own "
                "it nor are on its team, it is not shared with them, and their role shows their "
                "own cards only."
            )
        may = "may change" if access.can_change else "may only look at"
        self.stdout.write(f"{user.email} ({user.role}) {may} prospect {pk} ({card}):")
        with override("en"):
            self.stdout.write("\n".join(f"  - {reason}" for reason in access.reasons))
