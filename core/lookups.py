"""Comparisons that Django does not have."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Lookup, TextField


@TextField.register_lookup
@CharField.register_lookup
class Like(Lookup):
    """`column LIKE pattern`, the pattern escaped by whoever made it (core.search_text)."""

    lookup_name = "like"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} LIKE {right}", [*left_params, *right_params]
