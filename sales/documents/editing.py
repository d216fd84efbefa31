"""Changing a document together with its items."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from accounts.tenants.clock import own_today
from accounts.users.models import User
from sales.documents.drafting import Values, change_document
from sales.documents.lines import Line, is_same, lines_of, price_lines, store_items
from sales.documents.states import Move, require


def change_priced(
    document: Any,
    values: Values,
    lines: Sequence[Line] | None,
    *,
    always: Collection[str],
    edit: Move,
    annotate: Move,
    by: User,
    at: datetime,
) -> bool:
    """Change columns and items of a locked document and store it; return whether anything did.

    :param lines: all its items; None leaves them, priced anew if the currency changes.
    :raises WrongState, InvalidInput: as change_document and price_lines.
    """
    today = own_today(at)
    changed = change_document(
        document, values, always=always, edit=edit, annotate=annotate, by=by, today=today
    )
    known = lines_of(document) if lines is not None or "currency" in changed else []
    wanted = known if lines is None else lines
    items = price_lines(document, wanted, known=known) if wanted or lines is not None else []
    is_other = bool(items) and ("currency" in changed or not is_same(known, items))
    if is_other:
        require(document, edit, today=today)
        store_items(document, items, replace=True)
        document.updated_at = at  # the sums may be the same: it has changed all the same
    if changed or is_other:
        document.save()
    return bool(changed) or is_other
