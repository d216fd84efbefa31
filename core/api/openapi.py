"""How the resources of the sales API are described in the schema."""

from __future__ import annotations

from functools import cache
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from core.api.serializers import MessageSerializer


class ResourceSchema(AutoSchema):
    """One row stands inside `data`; what is sent has a shape of its own; a delete says a word."""

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
