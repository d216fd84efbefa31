"""The schema as tests need it: its operations by route, and what holds values to its parts."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import jsonschema_rs
from drf_spectacular.generators import SchemaGenerator

ROOT = "schema:/"


@cache
def schema() -> dict[str, Any]:
    """The whole schema, as everybody gets it: made once for all tests of this process."""
    return SchemaGenerator().get_schema(request=None, public=True)


@cache
def operations() -> dict[tuple[str, str], tuple[str, dict[str, Any]]]:
    """Each operation, and where it stands in the schema, by method and shape of the path."""
    return {
        (method, shape(path)): (f"/paths/{_escaped(path)}/{method}", operation)
        for path, methods in schema()["paths"].items()
        for method, operation in methods.items()
    }


def shape(path: str) -> str:
    """A path without the names of its parameters."""
    return re.sub(r"<[^>]*>|{[^}]*}", "{}", path)


def response_of(operation: dict[str, Any], pointer: str, status: str) -> tuple[Any, str]:
    """What is said of a status, and where: all operations share their refusals."""
    told = operation["responses"][status]
    if "$ref" not in told:
        return told, f"{pointer}/responses/{status}"
    shared = told["$ref"].removeprefix("#")
    return schema()["components"]["responses"][shared.rpartition("/")[2]], shared


def content_at(pointer: str, kind: str) -> str:
    """Where the shape of a kind of content stands."""
    return f"{pointer}/content/{_escaped(kind)}/schema"


@cache
def validator(pointer: str, is_sent: bool) -> Any:
    """What holds values to a part of the schema; made when it is needed first.

    :param is_sent: what people send may have keys that are not described, and blanks around texts.
    """
    part = {"$ref": f"{ROOT}#{pointer}"}
    registry = _registry(is_sent)
    return jsonschema_rs.Draft202012Validator(part, registry=registry, validate_formats=not is_sent)


@cache
def _registry(is_sent: bool) -> Any:
    part = _lenient(schema()) if is_sent else _closed(schema())
    return jsonschema_rs.Registry([(ROOT, part)])


SCALARS = {"string", "number", "integer", "boolean"}
LIMITS = ("minimum", "maximum", "format", "pattern", "minLength", "maxLength")


def _lenient(part: Any) -> Any:
    """The same where a number may be sent as a text, with blanks around: people do, we read it."""
    if isinstance(part, list):
        return [_lenient(each) for each in part]
    if not isinstance(part, dict):
        return part
    made = {key: _lenient(each) for key, each in part.items()}
    said = part.get("type")
    kinds = {said} if isinstance(said, str) else set(said) if isinstance(said, list) else set()
    if kinds & SCALARS and kinds <= {*SCALARS, "null"} and "enum" not in part:
        made = {key: each for key, each in made.items() if key not in LIMITS}
        made["type"] = sorted(SCALARS | kinds)
    return made


def _closed(part: Any) -> Any:
    """The same with no room for keys that are not described."""
    if isinstance(part, list):
        return [_closed(each) for each in part]
    if not isinstance(part, dict):
        return part
    made = {key: _closed(each) for key, each in part.items()}
    if isinstance(part.get("properties"), dict) and part.get("type") == "object":
        made.setdefault("additionalProperties", False)
    return made


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
