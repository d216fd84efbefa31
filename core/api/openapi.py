"""How the APIs are described in the schema."""

from __future__ import annotations

from functools import cache
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers

from core.api.serializers import MessageSerializer

CURSOR = OpenApiParameter(
    "cursor",
    str,
    description="Instead of `page`, for exports: empty at first, then `meta.next_cursor` until it "
    "is null. Nothing is counted, and nothing is skipped when rows come or go meanwhile.",
)
FIELDS = OpenApiParameter("fields", str, description="Only these fields, separated by commas.")
KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Sent again within 24 hours, the same request is answered as before and does "
    "nothing.",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The `ETag` of the row as you know it; 412 when it has changed since.",
)


IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    str,
    OpenApiParameter.HEADER,
    description="The `ETag` of the answer that you have, several, or `*`; 304 when it is the "
    "present one.",
)
ETAG = {
    "schema": {"type": "string"},
    "description": "The name of this state of the answer, for `If-None-Match`.",
}


class JSONSchema(AutoSchema):
    """Says that bodies are JSON: they are read as that, whatever they are called.

    And which answers have a name: those of views that say what they watch, or are a row's version.
    """

    def get_override_parameters(self) -> list[Any]:
        given = [IF_NONE_MATCH] if self._is_named() else []
        return [*super().get_override_parameters(), *given]

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        operation = super().get_operation(*args, **kwargs)
        if operation and self._is_named():
            answers = operation["responses"]
            answers["200"].setdefault("headers", {})["ETag"] = ETAG
            answers["304"] = {"description": "Nothing has changed.", "headers": {"ETag": ETAG}}
        return operation

    def _is_named(self) -> bool:
        view: Any = self.view
        return self.method == "GET" and getattr(view, "is_named", bool)()

    def map_parsers(self) -> list[Any]:
        return ["application/json"]


class ResourceSchema(JSONSchema):
    """One row stands inside `data`; what is sent has a shape of its own; a delete says a word."""

    def get_override_parameters(self) -> list[Any]:
        view: Any = self.view
        given: dict[str, list[Any]] = {"list": [CURSOR, FIELDS], "create": [KEY]}
        if view.version_fields:
            given |= {"update": [IF_MATCH], "destroy": [IF_MATCH]}
        return [*super().get_override_parameters(), *given.get(view.action, [])]

    def get_request_serializer(self) -> Any:
        view: Any = self.view
        if getattr(view, "action", None) in ("create", "update"):
            return view.write_serializer_class
        return super().get_request_serializer()

    def get_response_serializers(self) -> Any:
        view: Any = self.view
        action = getattr(view, "action", None)
        if action == "destroy":
            return {200: MessageSerializer}
        if action not in ("retrieve", "create", "update"):
            return super().get_response_serializers()
        shown = in_data(view.read_serializer_class)
        return {201 if action == "create" else 200: shown}


@cache
def in_data(shape: type[serializers.BaseSerializer]) -> serializers.BaseSerializer:
    """Return the shape of an answer that holds one of these in `data`."""
    name = f"{shape.__name__.removesuffix('Serializer')}InData"
    return inline_serializer(name, {"data": shape()})
