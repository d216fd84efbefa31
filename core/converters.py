"""Path parameters."""

from __future__ import annotations


class IdConverter:
    """A row id: digits that fit a bigint. Anything longer is no path of ours (404)."""

    regex = "[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)
