from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClientsConfig(AppConfig):
    """Prospects that became clients."""

    name = "clients"
    verbose_name = _("Clients")

    def ready(self) -> None:
        from accounts.webhooks.events import add_events

        import_module("clients.operations.checks")
        import_module("clients.companies.checks")
        import_module("clients.duplicates.probes").declare_arms()
        add_events(
            {"company.created": _("Company created"), "company.updated": _("Company changed")}
        )
