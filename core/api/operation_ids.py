"""What operations are called: the names of functions in clients that are made from the schema.

`deals_list`, `deals_create`, `deals_retrieve`, `deals_update`, `deals_delete`; what else is done
with one has its own verb: `deals_move_stage`.
"""

from __future__ import annotations

import re
from typing import Any

PREFIX = re.compile(r"^/(api/(v1/)?)?")
VERBS = {"PUT": "update", "PATCH": "update", "DELETE": "delete"}


def operation_id(method: str, path: str, view: Any, *, is_list: bool) -> str:
    """Return the name of an operation, from its path."""
    parts = [part.replace("-", "_") for part in PREFIX.sub("", path).split("/") if part]
    words = [part for part in parts if not part.startswith("{")]
    verb = VERBS.get(method) or _verb(method, parts[-1], view, is_list=is_list)
    return "_".join([*words, verb] if verb else words)


def _verb(method: str, last: str, view: Any, *, is_list: bool) -> str:
    """Reading or creating; "" where the path itself says what is done or read."""
    if is_list:
        return "list"
    if method == "POST":
        return "create" if last.endswith("s") else ""
    is_changeable = {"PUT", "PATCH"} & set(view.allowed_methods)
    return "retrieve" if last.startswith("{") or is_changeable else ""
