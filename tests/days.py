"""What day it is."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from django.utils import timezone

ZONE = ZoneInfo("America/Mexico_City")  # of tenants that chose none


def today() -> date:
    """The day for the tenants of our tests: until six in the morning not yet that of UTC."""
    return timezone.localdate(timezone=ZONE)
