from __future__ import annotations

from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import QueryDict
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, MultiPartParser

from core.api.rendering import BodyTooLarge, JSONParser

MOST_BYTES = 64 * 1024
UNREADABLE = (MultiPartParserError, UnreadablePostError, SuspiciousOperation, ValueError)
URL_ENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"


class FormParser(BaseParser):
    """Reads what forms of web pages send, and JSON, which is recognised whatever it is called."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """Return the body as an object.

        :raises ParseError: answered as 422.
        :raises BodyTooLarge: answered as 413.
        """
        if int(parser_context["request"].META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
            raise BodyTooLarge
        kind = (media_type or "").partition(";")[0].strip().lower()
        if kind == MULTIPART:
            return self._multipart(stream, media_type, parser_context)
        if kind == URL_ENCODED:
            raw = stream.read(MOST_BYTES + 1)
            if not raw.lstrip().startswith(b"{"):
                return plain(self._query(raw))
            stream = _Body(raw)
        return JSONParser().parse(stream, media_type, parser_context)

    def _query(self, raw: bytes) -> QueryDict:
        try:
            return QueryDict(raw, encoding="utf-8")
        except UNREADABLE as error:
            raise ParseError("The body cannot be read.") from error

    def _multipart(self, stream: Any, media_type: Any, context: Any) -> Any:
        try:
            return plain(MultiPartParser().parse(stream, media_type, context).data)
        except UNREADABLE as error:
            raise ParseError("The body cannot be read.") from error


class _Body:
    """A body that was read already."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw

    def read(self, size: int) -> bytes:
        return self.raw[:size]


def plain(sent: Any) -> dict[str, Any]:
    """Return the fields of a form; of what was chosen several times, all, divided by commas."""
    return {name: ", ".join(map(str, values)) for name, values in sent.lists()}
