from django.apps import AppConfig


class CrmProjectConfig(AppConfig):
    """Wiring, and what crosses all apps."""

    name = "crm_project"
