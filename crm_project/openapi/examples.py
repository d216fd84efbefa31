"""Examples of what is sent and answered: those of the contract, which clients were written against.

The contract shows the keys that matter; an answer's other keys are filled in from its shape, so
that every example is one that the schema allows.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

EXAMPLES = Path(__file__).with_name("examples.json")
TEXTS = {
    "date-time": "2026-03-15T10:30:00Z",
    "date": "2026-03-15",
    "uri": "https://example.com/",
    "email": "someone@example.com",
}


def add_examples(schema: dict[str, Any]) -> None:
    """Put the examples beside the shapes that they are of."""
    known = json.loads(EXAMPLES.read_text())
    shapes = schema["components"]["schemas"]
    for operations in schema["paths"].values():
        for operation in operations.values():
            example = known.get(operation["operationId"], {})
            if "request" in example:
                operation["requestBody"]["content"]["application/json"]["example"] = example[
                    "request"
                ]
            if "response" in example:
                done = next(iter(operation["responses"].values()))["content"]["application/json"]
                done["example"] = _filled(example["response"], done["schema"], shapes)


def _filled(shown: Any, shape: dict[str, Any], shapes: dict[str, Any]) -> Any:
    """An example with what it does not show of its shape."""
    shape = _of_what_it_is(shape, shapes)
    if isinstance(shown, list):
        return [_filled(each, shape.get("items", {}), shapes) for each in shown]
    if not isinstance(shown, dict) or "properties" not in shape:
        return shown
    parts = shape["properties"]
    given = {name: _filled(each, parts.get(name, {}), shapes) for name, each in shown.items()}
    missing = [name for name in shape.get("required", ()) if name not in shown]
    return {**given, **{name: _some(parts[name], shapes) for name in missing}}


def _some(shape: dict[str, Any], shapes: dict[str, Any]) -> Any:
    """The emptiest value that a shape allows."""
    if {"type": "null"} in shape.get("oneOf", ()) or "null" in _types(shape):
        return None
    shape = _of_what_it_is(shape, shapes)
    if "enum" in shape:
        return shape["enum"][0]
    kind = (_types(shape) or ["object"])[0]
    if kind == "object":
        return _filled({}, shape, shapes)
    plain = {"array": [], "boolean": False, "integer": 0, "number": 0}
    return plain[kind] if kind in plain else TEXTS.get(shape.get("format", ""), "")


def _types(shape: dict[str, Any]) -> list[str]:
    kind = shape.get("type", [])
    return [kind] if isinstance(kind, str) else kind


def _of_what_it_is(shape: dict[str, Any], shapes: dict[str, Any]) -> dict[str, Any]:
    """A shape itself, wherever it stands; of something that may be null, what else it may be."""
    for word in ("oneOf", "allOf", "anyOf"):
        if word in shape:
            shape = next(each for each in shape[word] if each != {"type": "null"})
    if "$ref" in shape:
        return _of_what_it_is(shapes[shape["$ref"].rpartition("/")[2]], shapes)
    return shape
