"""The back office's menu, as it is for who looks at it now."""

from __future__ import annotations

from typing import Any

from accounts.notifications.admin import unread_badge
from crm_project.settings.back_office import NAVIGATION, NOTIFICATIONS


def navigation(request: Any) -> list[dict[str, Any]]:
    """Return the menu; beside the notifications stands how many wait, unless none does."""
    badge = unread_badge(request) if request.user.is_authenticated else ""
    counted = {**NOTIFICATIONS, **({"badge": badge} if badge else {})}
    return [
        {**group, "items": [counted if each is NOTIFICATIONS else each for each in group["items"]]}
        for group in NAVIGATION
    ]
