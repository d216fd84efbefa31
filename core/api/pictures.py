"""A picture as the body of a request."""

from __future__ import annotations

from typing import Any

from rest_framework.parsers import BaseParser

from core.api.rendering import BodyTooLarge
from core.pictures import MOST_BYTES


class PictureParser(BaseParser):
    """The bytes of the body, whatever the Content-Type says; what they are is looked into later."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """Return them.

        :raises BodyTooLarge: answered as 413.
        """
        content: bytes = stream.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise BodyTooLarge
        return content
