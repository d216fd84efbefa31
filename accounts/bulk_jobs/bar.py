"""Exporting a list, above it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from core.back_office_asking import name_of_list
from core.rights import EXPORT

TEMPLATE = "accounts/export_menu.html"


def fill(admin: Any, request: Any) -> dict[str, Any]:
    """What the menu sends; nothing for who may not export."""
    user = request.user
    if not (admin.has_saved_views and user.tenant_id is not None and user.has_perm(EXPORT)):
        return {}
    asked = {"list": name_of_list(admin), "query": request.GET.urlencode(), "key": new_key()}
    return {"asked": asked.items()}


def new_key() -> str:
    """Names a form that is shown: sent twice, it is done once."""
    return uuid4().hex
