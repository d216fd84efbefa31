from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnalyticsConfig(AppConfig):
    """Figures over the leads, kept in a table of their own."""

    name = "analytics"
    verbose_name = _("Analytics")
