from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClientsConfig(AppConfig):
    """Prospects that became clients."""

    name = "clients"
    verbose_name = _("Clients")
