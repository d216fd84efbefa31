from django.contrib.auth.management.commands import changepassword

from core.commands import OperatorCommand


class Command(OperatorCommand, changepassword.Command):
    """Set somebody's password; their open sessions end."""
