"""The last touches of the schema: chapters, and what all operations share."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from core.api.refusals import ERROR_SHAPES, shared_responses
from crm_project.openapi.examples import add_examples
from crm_project.openapi.tags import chapter_of


def finish(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """A hook of drf-spectacular: put each operation into its chapter; describe refusals once."""
    for path, operations in result["paths"].items():
        for operation in operations.values():
            operation["tags"] = [chapter_of(path)]
    components = result["components"]
    components["schemas"].update(ERROR_SHAPES)
    components["responses"] = shared_responses()
    result = _true(result)
    add_examples(result)
    return result


def _true(part: Any) -> Any:
    """The same with what the generator writes otherwise than it is meant.

    A Decimal as a text limits nothing; "anything, or null" is twice true of null.
    """
    if isinstance(part, dict):
        if part.get("oneOf") == [{}, {"type": "null"}]:
            part = {key: each for key, each in part.items() if key != "oneOf"}
        return {key: _true(each) for key, each in part.items()}
    if isinstance(part, list):
        return [_true(each) for each in part]
    if isinstance(part, Decimal):
        return int(part) if part == part.to_integral_value() else float(part)
    return part
