"""Browsers may send a form from the sites that it allows, and from no others."""

from __future__ import annotations

import re
from typing import Any

from sales.submitting.guarding import find_form, origin_of

PATH = re.compile(r"/api/forms/([A-Za-z0-9_-]{1,64})(?:/submit)?")


def allow_origins_of_form(sender: Any, request: Any, **_: Any) -> bool:
    """Receiver of `check_request_enabled`: whether the form that is asked for allows the site."""
    found = PATH.fullmatch(request.path_info)
    if found is None or not request.headers.get("Origin"):
        return False
    if not hasattr(request, "is_allowed_by_form"):
        form = find_form(found[1])
        request.is_allowed_by_form = form is not None and origin_of(request) in form.allowed_origins
    return bool(request.is_allowed_by_form)
