#!/usr/bin/env python
"""Django's commands. Without DATABASE_URL or REDIS_URL the embedded services run meanwhile."""

import os
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from core.embedded.errors import EmbeddedError

ROOT = Path(__file__).resolve().parent


def main() -> None:
    """Run the command named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm_project.settings.dev")
    try:
        with surroundings():
            from django.core.management import execute_from_command_line

            execute_from_command_line(sys.argv)
    except EmbeddedError as error:
        sys.exit(f"manage.py: {error}")


def surroundings() -> AbstractContextManager[None]:
    """The embedded services, unless both are configured; a server names its own."""
    named = os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")
    if named or os.environ["DJANGO_SETTINGS_MODULE"].endswith(".production"):
        return nullcontext()
    os.environ.setdefault("CRM_DATA_DIR", str(ROOT / ".data"))
    try:
        from core.embedded.services import lent
    except ImportError as error:
        raise EmbeddedError(
            f"{error}; run bin/start once, then use .venv/bin/python manage.py"
        ) from None
    return lent(os.environ["CRM_DATA_DIR"])


if __name__ == "__main__":
    main()
