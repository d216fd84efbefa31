"""The only reader of the environment. Typed; refuses nonsense at start."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def text(name: str, default: str | None = None) -> str:
    """Return a string; without a default it is mandatory."""
    value = os.environ.get(name, default)
    if value is None or (default is None and not value):
        raise ImproperlyConfigured(f"{name} must be set.")
    return value


def boolean(name: str, default: bool) -> bool:
    """Return a yes or no."""
    value = os.environ.get(name, str(default)).strip().lower()
    if value not in _TRUE | _FALSE:
        raise ImproperlyConfigured(f"{name} must be true or false, not {value!r}.")
    return value in _TRUE


def number(name: str, default: int, *, least: int = 0) -> int:
    """Return a whole number of at least `least`."""
    value = os.environ.get(name, str(default))
    try:
        parsed = int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None
    if parsed < least:
        raise ImproperlyConfigured(f"{name} must be at least {least}.")
    return parsed


def words(name: str, default: str = "") -> list[str]:
    """Return a comma-separated list."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def beginning_with(prefix: str) -> dict[str, str]:
    """Return all strings whose names begin so, by the rest of their names."""
    found = {name: value for name, value in os.environ.items() if name.startswith(prefix)}
    return {name.removeprefix(prefix): value for name, value in found.items()}


def path(name: str, default: Path) -> Path:
    """Return an absolute path."""
    return Path(os.environ.get(name) or default).resolve()


def database(name: str, **options: Any) -> dict[str, Any]:
    """Return Django's settings for a postgres:// URL; its query's options go before `options`.

    :raises ImproperlyConfigured: for any other database: the product uses what PostgreSQL has.
    """
    settings = dict(environ.Env.db_url_config(text(name)))
    if settings.get("ENGINE") != "django.db.backends.postgresql":
        raise ImproperlyConfigured(f"{name} must be a postgresql:// URL.")
    return settings | {"ENGINE": "core.postgres", "OPTIONS": options | settings.get("OPTIONS", {})}
