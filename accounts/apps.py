from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Who may be here: tenants, users, sessions."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        import accounts.sessions.openapi  # noqa: F401
        from accounts.sessions.witness import watch_back_office

        watch_back_office()
