from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    """The kit."""

    name = "core"

    def ready(self) -> None:
        # Services wake tasks by name, so every process must know them all.
        autodiscover_modules("tasks")
