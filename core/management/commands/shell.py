from django.core.management.commands import shell

from core.commands import OperatorCommand


class Command(OperatorCommand, shell.Command):
    """A Python shell that acts for everyone; enter a tenant with core.tenancy.tenant_scope."""
