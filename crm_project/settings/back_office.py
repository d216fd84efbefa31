"""How the back office (Django Admin with django-unfold) looks and is laid out."""

from __future__ import annotations

from typing import Any

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "CRM",
    "SITE_HEADER": "CRM",
    "SITE_SYMBOL": "handshake",
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_LANGUAGES": False,
}
