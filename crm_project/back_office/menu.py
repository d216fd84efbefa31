"""The back office's menu, as it is for who looks at it now."""

from __future__ import annotations

from functools import cache
from typing import Any

from accounts.notifications.admin import unread_badge
from crm_project.settings.back_office import DELETED_OF_SALES, NAVIGATION, NOTIFICATIONS

Entry = dict[str, Any]


def navigation(request: Any) -> list[Entry]:
    """Return the menu; beside the notifications stands how many wait, unless none does."""
    badge = unread_badge(request) if request.user.is_authenticated else ""
    counted = {"badge": badge} if badge else {}
    return [
        {
            **group,
            "items": [{**each, **(counted if is_counted else {})} for each, is_counted in rows],
        }
        for group, rows in _groups()
    ]


def tabs(request: Any) -> list[Entry]:
    """Return the tabs over lists that are one entry of the menu."""
    return [{**DELETED_OF_SALES, "items": [{**each} for each in _tab_entries()]}]


# django-unfold compares each address with the page's, and a lazy one is looked up each time: more
# than a thousand times a page, half of what an empty one took.
@cache
def _groups() -> list[tuple[Entry, list[tuple[Entry, bool]]]]:
    return [
        (group, [(_addressed(each), each is NOTIFICATIONS) for each in group["items"]])
        for group in NAVIGATION
    ]


@cache
def _tab_entries() -> list[Entry]:
    return [_addressed(each) for each in DELETED_OF_SALES["items"]]


def _addressed(entry: Entry) -> Entry:
    return {**entry, "link": str(entry["link"])}
