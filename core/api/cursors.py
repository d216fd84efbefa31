"""`?cursor=`: lists of any size, page after page, without counting and without skipping.

A cursor names the last row that was read by the values that it is ordered by. It is signed: nobody
asks the database to compare with what they like.
"""

from __future__ import annotations

import json
from typing import Any

from django.core import signing

from core.errors import InvalidInput
from core.idempotency import fingerprint_of
from core.keysets import rows_after

SALT = "core.api.cursors"
NOT_ASKED = ("cursor", "page", "per_page", "fields")  # what may differ from page to page


class Cursor:
    """A place in an ordered list, for one caller and one question."""

    def __init__(self, request: Any, ordering: tuple[str, ...]) -> None:
        self.ordering = ordering
        query = sorted(
            (name, values) for name, values in request.query_params.lists() if name not in NOT_ASKED
        )
        question = [request.user.tenant_id, request.path, query, ordering]
        self.question = fingerprint_of(json.dumps(question).encode())[:16]

    def after(self, row: tuple[Any, ...]) -> str:
        """Return the cursor of what follows a row, given by the values of the ordering."""
        values = [None if each is None else str(each) for each in row]
        return signing.dumps([self.question, values], salt=SALT)

    def rest(self, queryset: Any, text: str) -> Any:
        """Return what follows the row that a cursor names.

        :raises InvalidInput: it is none of ours, or belongs to another question.
        """
        try:
            question, values = signing.loads(text, salt=SALT)
        except signing.BadSignature:
            question, values = "", []
        if question != self.question:
            raise InvalidInput.of("cursor", "This is no cursor of this list.")
        return rows_after(queryset, self.ordering, values)
