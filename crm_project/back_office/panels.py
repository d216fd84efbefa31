"""A panel of the back office's first page, and whose day the page is about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from sales.documents.sheets import amount_text

SHOWN = 6  # rows of a panel
MOST = 99  # what is more is shown as "99+"


@dataclass(frozen=True)
class Line:
    """One thing that waits, and where one does something about it."""

    title: str
    link: str
    detail: str = ""
    when: Any = None
    is_late: bool = False
    owner: str = ""
    verb: Any = ""
    action: str = ""


@dataclass(frozen=True)
class Panel:
    """Things of one kind that wait, the most urgent first."""

    title: Any
    icon: str
    empty: Any
    lines: list[Line]
    count: int
    more: str = ""  # the list that shows exactly these rows

    @property
    def shown_count(self) -> str:
        """How many there are: exact up to MOST."""
        return f"{MOST}+" if self.count > MOST else str(self.count)


def panel_of(rows: Any, line: Callable[[Any], Line], *, length: int = SHOWN, **shown: Any) -> Panel:
    """Return the panel of rows in their order: read to where a page has no room for more.

    :param rows: a queryset, or rows that were read.
    :param line: how it shows one.
    :param length: how many it shows.
    """
    found = list(rows[: MOST + 1])
    return Panel(count=len(found), lines=[line(each) for each in found[:length]], **shown)


@dataclass(frozen=True)
class Day:
    """Whose day it is: one's own, or that of all whom one sees."""

    user: Any
    is_team: bool
    today: date

    def of(self, rows: Any, owner: str = "owner") -> Any:
        """Rows of whom the day is about."""
        return rows.visible_to(self.user) if self.is_team else rows.filter(**{owner: self.user.pk})

    def query(self, owner: str = "owner", **filters: Any) -> str:
        """The filters of a list that shows the same rows."""
        mine = {} if self.is_team else {f"{owner}__id__exact": self.user.pk}
        return urlencode({**mine, **filters})

    def named(self, user: Any) -> str:
        """Whose a row is, where that is not clear."""
        return str(user) if self.is_team and user else ""


def money(amount: Any, currency: str) -> str:
    """An amount as a line has room for it."""
    return f"{amount_text(amount, currency)} {currency}" if amount is not None else "-"


def list_of(name: str, query: str) -> str:
    """The address of a list with some filters."""
    return f"{reverse(f'admin:{name}_changelist')}?{query}"


def page_of(name: str, row: Any) -> str:
    """The address of a page about a row."""
    return reverse(f"admin:{name}", args=(row.pk,))
