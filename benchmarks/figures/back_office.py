"""Pages of the back office, beside one that shows nothing; a card moved on its board."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx

from benchmarks.bench import Bench, Caller
from benchmarks.doors import Door
from benchmarks.figures import writes
from benchmarks.figures.conditions import CATEGORY
from benchmarks.measure import Bare, Contest
from benchmarks.people import MANAGER, PASSWORD, SMALL_REP
from core.embedded.errors import EmbeddedError

PAGES = (
    "Pages of the back office as a browser asks for them: at most 6 × a page of the same frame, "
    "signed in the same way, that shows no row (`/admin/password_change/done/`)."
)
MOVE = (
    "A card moved on the board of the back office: at most 3 × BEGIN, UPDATE of one row, COMMIT. "
    "Both write the product's own table, with its triggers and indexes."
)
EMPTY = "/admin/password_change/done/"
SIGN_IN = "/admin/login/"
LISTS = (
    *("prospects/prospect", "prospects/contact", "prospects/followupnote", "clients/company"),
    *("sales/deal", "sales/activity", "sales/quote", "sales/invoice", "sales/payment"),
)
OF_CARD = ("change", "timeline", "under-way", "part/notes", "part/contacts", "part/access")


def pages(bench: Bench) -> Iterator[Contest]:
    for caller in bench.callers:
        door = _signed_in(caller)
        card = bench.value(
            f"SELECT max(p.id) FROM prospects_prospect p WHERE {bench.where(caller)}",
            bench.params(caller),
        )
        for path in _paths(card):
            yield _page(caller, door, path, card)


def _paths(card: int) -> list[str]:
    lists = [f"/admin/{name}/" for name in LISTS]
    found = ["/admin/", "/admin/prospects/board/", "/admin/sales/board/", "/admin/calendar/"]
    found += [*lists, "/admin/prospects/prospect/?q=cafe", "/admin/search/?s=cafe&extended=1"]
    return [*found, *(f"/admin/prospects/prospect/{card}/{part}/" for part in OF_CARD)]


def _page(caller: Caller, door: Door, path: str, card: int) -> Contest:
    bare = [Bare("an empty page", 6, lambda number: door.get(EMPTY))]
    title = path.replace(str(card), "…")
    return Contest(f"`{title}`", caller.label, lambda number: door.get(path), bare)


def moved(bench: Bench) -> Iterator[Contest]:
    for caller in bench.callers:
        yield _moved(bench, caller)


def _moved(bench: Bench, caller: Caller) -> Contest:
    cards, desk = writes.cards_of(bench, caller), _signed_in(caller)
    columns = [bench.value(CATEGORY, {"name": name}) for name in ("contacted", "qualified")]

    def door(number: int) -> bytes:
        card, category = writes.next_move(cards.for_door, columns, number)
        return desk.send("POST", f"/admin/prospects/board/{card}/move/", {"column": category})

    return Contest(
        "card moved on the board",
        caller.label,
        door,
        [Bare("UPDATE", 3, lambda number: writes.move_bare(bench, cards, columns, number))],
        finish=lambda: writes.put_back_categories(bench, cards),
    )


def _signed_in(caller: Caller) -> Door:
    """A door with the cookies of somebody who signed in by the form.

    :raises EmbeddedError: the form refuses them.
    """
    email = MANAGER if caller.sees_all else SMALL_REP
    with httpx.Client(base_url=caller.door.url, timeout=60) as browser:
        shown = browser.get(SIGN_IN).text
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', shown)
        sent = {"username": email, "password": PASSWORD, "csrfmiddlewaretoken": token and token[1]}
        if browser.post(SIGN_IN, data=sent).status_code != 302:
            raise EmbeddedError(f"the back office does not let {email} in")
        door = Door(caller.door.url)
        door.headers["Cookie"] = "; ".join(f"{key}={text}" for key, text in browser.cookies.items())
        door.headers["X-CSRFToken"] = browser.cookies["csrftoken"]
        return door
