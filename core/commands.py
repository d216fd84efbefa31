"""The base of our management commands: operators act for everyone, by name."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from core.audit import acting
from core.errors import DomainError
from core.postgres.limits import limit_statements
from core.tenancy import across_tenants


class OperatorCommand(BaseCommand):
    """Runs across tenants, leaves its name in the history, and says in one line what is wrong."""

    def execute(self, *args: Any, **options: Any) -> Any:
        limit_statements(settings.CRM_COMMAND_STATEMENT_SECONDS)
        name = type(self).__module__.rpartition(".")[2]
        with across_tenants(), acting(door=f"command:{name}"):
            try:
                return super().execute(*args, **options)
            except DomainError as error:
                raise CommandError(error.message) from error
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from error
