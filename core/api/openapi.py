"""How the APIs are described in the schema."""

from __future__ import annotations

from functools import cache
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers

from core.api.operation_ids import operation_id
from core.api.refusals import ETAG, reference, refusals_of
from core.api.serializers import MessageSerializer

CURSOR = OpenApiParameter(
    "cursor",
    str,
    description="Instead of `page`, for exports: empty at first, then `meta.next_cursor` until it "
    "is null. Nothing is counted, and nothing is skipped when rows come or go meanwhile.",
)
FIELDS = OpenApiParameter(
    "fields",
    str,
    description="Only these fields of each row, separated by commas. The others are left out then, "
    "although the schema requires them.",
)
KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Sent again within 24 hours, the same request is answered as before, with the "
    "header `Idempotent-Replayed`, and does nothing.",
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


class JSONSchema(AutoSchema):
    """Bodies are JSON, whatever they are called; every refusal is described; names are short."""

    def map_parsers(self) -> list[Any]:
        return ["application/json"]

    def get_operation_id(self) -> str:
        return operation_id(self.method, self.path, self.view, is_list=self._is_list_view())

    def get_override_parameters(self) -> list[Any]:
        view: Any = self.view
        takes_key = self.method == "POST" and view.get_authenticators() and view.is_repeatable()
        given = [*([KEY] if takes_key else []), *([IF_NONE_MATCH] if self._is_named() else [])]
        return [*super().get_override_parameters(), *given]

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        operation = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        view: Any = self.view
        answers = operation["responses"]
        statuses = refusals_of(view, self.method, operation)
        if self._is_named() or self._tells_version(operation):
            done = min(answers)
            answers[done].setdefault("headers", {})["ETag"] = ETAG
        if self._is_named():
            statuses |= {304}
        for status in sorted(statuses):
            answers.setdefault(str(status), reference(view.surface, status))
        return operation

    def _tells_version(self, operation: dict[str, Any]) -> bool:
        """Whether a write answers the row with its version, which the next write may hold to."""
        view: Any = self.view
        if self.method == "POST" and getattr(view, "action", None) == "create":
            return bool(view.version_fields)
        names = {each["name"] for each in operation.get("parameters", ())}
        return self.method != "DELETE" and "If-Match" in names

    def _is_named(self) -> bool:
        """Whether answers have a name: of views that say what they watch, or are of one row."""
        view: Any = self.view
        return self.method == "GET" and view.is_named()

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        """A delete says a word, too: nothing here answers 204."""
        found = super()._get_response_bodies(direction)
        if self.method == "DELETE" and "204" in found:
            shape = self.get_response_serializers()
            return {"200": self._get_response_for_code(shape, "200", direction=direction)}
        return found


class ResourceSchema(JSONSchema):
    """One row stands inside `data`; what is sent has a shape of its own; a delete says a word."""

    def get_override_parameters(self) -> list[Any]:
        view: Any = self.view
        given: dict[str, list[Any]] = {"list": [CURSOR, FIELDS]}
        if view.version_fields:
            given |= {"update": [IF_MATCH], "destroy": [IF_MATCH]}
        return [*super().get_override_parameters(), *given.get(view.action, [])]

    def get_request_serializer(self) -> Any:
        view: Any = self.view
        action = getattr(view, "action", None)
        if action in ("create", "update"):
            return view.write_serializer_class(partial=action == "update")  # only what is sent
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
