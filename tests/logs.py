"""What is logged meanwhile, as it goes to the log: one JSON object a line."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings as project

NAMES = ("", "django.request", "django.security", "celery", "mcp")


@contextmanager
def listening(*, least: int = logging.WARNING) -> Iterator[io.StringIO]:
    """Give the stream that holds what has been logged so far, from the level `least` on."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    options = dict(project.LOGGING["formatters"]["json"])
    handler.setFormatter(options.pop("()")(**options))
    loggers = [logging.getLogger(name) for name in NAMES]
    before = [each.level for each in loggers]
    for each in loggers:
        each.setLevel(least)
    loggers[0].addHandler(handler)
    try:
        yield stream
    finally:
        loggers[0].removeHandler(handler)
        for each, level in zip(loggers, before, strict=True):
            each.setLevel(level)
