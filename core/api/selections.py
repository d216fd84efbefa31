"""`?fields=id,email`: only these of each row."""

from __future__ import annotations

from typing import Any

from core.errors import InvalidInput


def select_fields(request: Any, shape: Any) -> None:
    """Leave a serializer only the fields that the caller asks for; all when they name none.

    :raises InvalidInput: it has no such field.
    """
    given = request.query_params.get("fields")
    if given is None:
        return
    asked = {name.strip() for name in given.split(",")}
    if unknown := sorted(asked - shape.fields.keys()):
        known = ", ".join(shape.fields)
        raise InvalidInput.of("fields", f"There is no {unknown[0][:100]!r}. There are: {known}.")
    for name in shape.fields.keys() - asked:
        shape.fields.pop(name)
