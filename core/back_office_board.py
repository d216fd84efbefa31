"""Boards of the back office: columns of cards that are dragged from one into another.

A leaf describes its board (`Board`): what stands in its columns, how it is narrowed, how a card is
moved. The pages are in back_office_board_pages.py, the scripts in static/back_office/board*.js.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zlib import crc32

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from core.currencies import decimals_of
from core.errors import DomainError
from core.tallies import tallies_of

ELSEWHERE = "elsewhere"  # the code of the refusal to move what is not where it was seen
LONGEST_SEARCH = 255
PAGE = 20  # cards of a column that are shown at first, and more at a time


@dataclass(frozen=True)
class Mark:
    """A date or a lack that a card shows."""

    icon: str
    text: str
    is_late: bool = False


@dataclass(frozen=True)
class Card:
    """A card as the board shows it.

    `page` is where all of it stands, `given` what a dialog about it is filled in with.
    """

    pk: int
    column: int
    title: str
    page: str
    details: Sequence[str] = ()
    value: str = ""
    marks: Sequence[Mark] = ()
    owner: str = ""
    given: Mapping[str, str] = field(default_factory=dict)
    is_movable: bool = True

    @property
    def version(self) -> str:
        """What all of this is, in short: another one when anything of it has changed."""
        return f"{crc32(repr(self).encode()):08x}"


@dataclass(frozen=True)
class Column:
    """A column: its sums, the address of the list of all that it counts, its first cards."""

    pk: int
    name: str
    color: str
    count: int
    sums: Sequence[str]
    rows: str
    cards: Sequence[Card]
    asks: str = ""  # the dialog that whoever moves a card here is shown


@dataclass(frozen=True)
class Picker:
    """A quick filter: a parameter of the address and what it may be."""

    name: str
    label: Any
    options: Sequence[tuple[str, Any]]
    value: str = ""


@dataclass(frozen=True)
class Move:
    """What somebody asks for: a card into a column.

    `known` is the column where they saw it; None: wherever it is. `below` is the card right above
    its new place; None: on top.
    """

    pk: int
    column: int
    known: int | None = None
    below: int | None = None
    given: Mapping[str, Any] = field(default_factory=dict)


class Board:
    """One board as one user asks for it. `problems` says which filters could not be read."""

    name: str  # of its pages: admin:NAME, admin:NAME_sync, admin:NAME_move
    title: Any
    view_right: str
    change_right: str
    list_name: str  # of the list of the same rows
    search_label: Any
    watched: tuple[str, ...]  # what of the tenant it is made of (core.tallies)
    is_ranked = False  # whether a card's place in its column is one's to choose
    dialogs = ""  # the template of what is asked of who moves a card

    def __init__(self, request: Any) -> None:
        self.user: Any = request.user
        self.query: Any = request.GET
        self.now = timezone.now()
        self.today = timezone.localdate(self.now)
        self.search: str = self.query.get("q", "").strip()[:LONGEST_SEARCH]
        self.problems: list[str] = []
        self.read_filters()

    @property
    def move_name(self) -> str:
        """The name of the address where a card is moved."""
        return f"admin:{self.name}_move"

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.search) or any(picker.value for picker in self.pickers())

    @property
    def may_move(self) -> bool:
        """Whether the user's role may move cards at all."""
        return bool(self.user.has_perm(self.change_right))

    def pick(self, name: str, options: Sequence[tuple[str, Any]], label: Any) -> str:
        """Return which option the address names; "" for none, or for what is not one."""
        text: str = self.query.get(name, "").strip()
        if text in ("", *(value for value, _label in options)):
            return text
        self.problems.append(_("%(filter)s: there is no such choice.") % {"filter": label})
        return ""

    # What a leaf says ------------------------------------------------------------------------
    def read_filters(self) -> None:
        """Read the address into what the queries need."""
        raise NotImplementedError

    def pickers(self) -> list[Picker]:
        """The quick filters."""
        raise NotImplementedError

    def rows_query(self) -> dict[str, Any]:
        """The parameters of the list that shows the same rows."""
        raise NotImplementedError

    def columns(self, length: int) -> list[Column]:
        """Every column with its first cards."""
        raise NotImplementedError

    def cards(self, ids: Collection[int]) -> list[Card]:
        """Those of these cards that the board shows, in its order."""
        raise NotImplementedError

    def move(self, move: Move) -> None:
        """Move a card. Raises DomainError."""
        raise NotImplementedError

    def where_now(self, pk: int) -> tuple[str, str]:
        """The column in which a card is by now, and who moved it there, as far as is known."""
        raise NotImplementedError

    def move_form(self, pk: int, data: Any) -> tuple[str, forms.Form]:
        """What a card is called, and the form with `column` that moves it without a script.

        :raises NotFound: there is none that the user sees.
        """
        raise NotImplementedError

    def stamp(self) -> str:
        """A word that is another one when anything of it has changed, by one cheap statement."""
        return " ".join(map(str, (*tallies_of(*self.watched), self.today)))

    def rows_link(self, **more: Any) -> str:
        """The address of the list that shows the same rows."""
        query = urlencode({**self.rows_query(), **more})
        return f"{reverse(f'admin:{self.list_name}_changelist')}?{query}"

    def worded(self, refusal: DomainError, pk: int) -> str:
        """Say to people why a card was not moved."""
        if refusal.code == ELSEWHERE:
            where, who = self.where_now(pk)
            return _("meanwhile %(who)s moved it to %(where)s.") % {
                "who": who or _("somebody"),
                "where": where,
            }
        texts = {
            "not_found": _("it is not there any more: it was deleted, or is not shown to you now."),
            "forbidden": _("you may look at it, not move it."),
        }
        return texts.get(refusal.code) or refusal.message


def money(amount: Decimal, currency: str) -> str:
    """An amount as a column has room for it: cents only where there are some."""
    places = 0 if amount == amount.to_integral_value() else decimals_of(currency)
    return f"{amount:,.{places}f} {currency}"


def day_text(day: date | datetime, today: date) -> str:
    """A day as a card has room for it: the year only where it is another."""
    shown = timezone.localtime(day).date() if isinstance(day, datetime) else day
    return date_format(shown, "j M" if shown.year == today.year else "j M Y")
