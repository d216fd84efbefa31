"""How the resources of the sales API are described in the schema."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import inline_serializer
from rest_framework import serializers


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
            message = {"message": serializers.CharField()}
            return {200: inline_serializer("Message", message)}
        if action not in ("retrieve", "create", "update"):
            return super().get_response_serializers()
        shape = view.read_serializer_class
        name = f"{shape.__name__.removesuffix('Serializer')}InData"
        return {201 if action == "create" else 200: inline_serializer(name, {"data": shape()})}
