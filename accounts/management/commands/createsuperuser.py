from django.contrib.auth.management.commands import createsuperuser

from core.commands import OperatorCommand


class Command(OperatorCommand, createsuperuser.Command):
    """Create an operator: no tenant, every right in the back office."""
