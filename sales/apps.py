from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SalesConfig(AppConfig):
    """Selling: the sales API under /api/v1, over the same people and companies."""

    name = "sales"
    verbose_name = _("Sales")
