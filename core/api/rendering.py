"""JSON in and out, without ever making a float of an amount."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NoReturn

import orjson
from django.conf import settings
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer

from core.api.errors import Surface
from core.api.permissions import ANYONE

MAX_EXPONENT = 1000
MAX_DEPTH = 50  # objects and lists in each other
OPTIONS = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_NON_STR_KEYS


def crm_timestamp(moment: datetime) -> str:
    """`2026-03-15T10:30:00Z`"""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def sales_timestamp(moment: datetime) -> str:
    """`2025-03-15T10:30:00.000000Z`"""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _default_for(timestamp: Any) -> Any:
    def default(value: Any) -> Any:
        if isinstance(value, datetime):
            return timestamp(value)
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, Decimal):
            return orjson.Fragment(format(value, "f"))
        if isinstance(value, set | frozenset):
            return sorted(value)
        if isinstance(value, dict):
            return dict(value)
        if isinstance(value, list | tuple):
            return list(value)
        return str(value)  # lazy translations, UUIDs

    return default


DEFAULTS = {
    Surface.CRM: _default_for(crm_timestamp),
    Surface.ANALYTICS: _default_for(crm_timestamp),
    Surface.SALES: _default_for(sales_timestamp),
}


def dump(data: Any, surface: Surface) -> bytes:
    """Serialize an answer with the timestamps of its surface and exact decimals."""
    default = DEFAULTS[surface]
    try:
        return orjson.dumps(data, default=default, option=OPTIONS)
    except orjson.JSONEncodeError:
        return orjson.dumps(_writable(data), default=default, option=OPTIONS)


def _writable(data: Any) -> Any:
    """The same with whole numbers beyond 64 bits, which somebody sent and is shown, as Decimals."""
    if isinstance(data, dict):
        return {key: _writable(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_writable(each) for each in data]
    return Decimal(data) if isinstance(data, int) and data.bit_length() > 63 else data


class JSONRenderer(BaseRenderer):
    """The only renderer of the APIs."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None
    ) -> bytes:
        if data is None:
            return b""
        view = (renderer_context or {}).get("view")
        return dump(data, getattr(view, "surface", Surface.CRM))


class BodyTooLarge(APIException):
    """The body is longer than CRM_MAX_BODY_BYTES, or CRM_MAX_PUBLIC_BODY_BYTES of a stranger."""

    status_code = 413
    default_detail = "The body is too large."


class JSONParser(BaseParser):
    """Reads JSON whatever the Content-Type says; numbers with a point become Decimal."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """Return the parsed body.

        :raises ParseError: answered as 422: not JSON in UTF-8, NaN or Infinity, nested too deep, a
            number with an absurd exponent, or text that no database can store (lone surrogates).
        :raises BodyTooLarge: answered as 413.
        """
        limit = _most_bytes((parser_context or {}).get("view"))
        raw = stream.read(limit + 1)
        if len(raw) > limit:
            raise BodyTooLarge
        try:
            text = raw.decode("utf-8-sig")  # strictly: json's own decoding lets surrogates pass
            body = json.loads(text, parse_float=_decimal, parse_constant=_refuse_constant)
            if text.count("[") + text.count("{") > MAX_DEPTH:
                _check_depth(body)
            if "\\ud" in text or "\\uD" in text:
                json.dumps(body, ensure_ascii=False, default=str).encode()
        except (ValueError, RecursionError, ArithmeticError) as error:
            raise ParseError("The body is not valid JSON.") from error
        return body


def _most_bytes(view: Any) -> int:
    """How much a view reads: of those whom nobody knows, less."""
    most: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    is_public = getattr(view, "permission", None) == ANYONE
    return min(most, settings.CRM_MAX_PUBLIC_BODY_BYTES) if is_public else most


def _check_depth(body: Any) -> None:
    """Go down level by level: nothing of ours nests so deep, and much would recurse into it.

    :raises ValueError: it is nested too deep.
    """
    level = [body] if isinstance(body, dict | list) else []
    for _depth in range(MAX_DEPTH):
        parts = (each.values() if isinstance(each, dict) else each for each in level)
        level = [each for part in parts for each in part if isinstance(each, dict | list)]
        if not level:
            return
    raise ValueError("It is nested too deep.")


def _decimal(text: str) -> Decimal:
    """Read a number exactly. Written out, 1e999999999 would fill the memory."""
    value = Decimal(text)
    if abs(value.adjusted()) > MAX_EXPONENT:
        raise ValueError("The exponent is too large.")
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
