from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    """The kit."""

    name = "core"

    def ready(self) -> None:
        import core.lookups  # noqa: F401

        # Services wake tasks by name, so every process must know them all.
        autodiscover_modules("tasks")
