"""The pages of a board: itself, what changed on it since, and a card's move."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.back_office import CHOOSE_TENANT
from core.back_office_board import PAGE, Board, Card, Column, Move
from core.back_office_board_texts import board_texts
from core.errors import DomainError, InvalidInput
from core.tenancy import current_tenant

MOST_SHOWN = 200  # cards of a column that one page shows
MOST_KNOWN = 2000  # cards that a page may say it shows
MAX_ID = 2**63 - 1
CARD = "back_office/board_card.html"


def board_urls(board: type[Board], at: str) -> list[URLPattern]:
    """The addresses of a board inside the back office's site."""
    view, name = admin.site.admin_view, board.name
    return [
        path(f"{at}/", view(partial(show, board)), name=name),
        path(f"{at}/sync/", view(require_POST(partial(sync, board))), name=f"{name}_sync"),
        path(f"{at}/<id:pk>/move/", view(partial(move, board)), name=f"{name}_move"),
    ]


def show(kind: type[Board], request: Any) -> HttpResponse:
    """The board as it is now."""
    _refuse_strangers(kind, request)
    if current_tenant() is None:
        messages.warning(request, CHOOSE_TENANT)
        return redirect("admin:choose_tenant")
    board = kind(request)
    for problem in board.problems:
        messages.warning(request, problem)
    stamp = board.stamp()  # before the cards: what changes in between is asked for again
    shown = {
        **admin.site.each_context(request),
        "title": board.title,
        "is_fullwidth": True,
        "board": board,
        "stamp": stamp,
        "page": PAGE,
        "columns": board.columns(PAGE),
        "pickers": board.pickers(),
        "texts": board_texts(),
        "sync": reverse(f"admin:{board.name}_sync"),
    }
    return TemplateResponse(request, "back_office/board.html", shown)


def sync(kind: type[Board], request: Any) -> HttpResponse:
    """What a page that shows the board has to change: nothing, or counts, places and cards."""
    _refuse_strangers(kind, request)
    try:
        _refuse_everybody()
        asked = _read_shown(_read_json(request))
    except DomainError as refusal:
        return _refused(refusal, refusal.message)
    board = kind(request)
    stamp = board.stamp()
    if asked.stamp == stamp:
        return JsonResponse({"stamp": stamp})
    columns = board.columns(max([PAGE, *asked.sizes.values()]))
    first = {each.pk: each.cards[: asked.sizes.get(each.pk, PAGE)] for each in columns}
    known = {card.pk for cards in first.values() for card in cards}
    for card in board.cards([pk for pk in asked.versions if pk not in known]):
        if card.column in first:
            first[card.column] = [*first[card.column], card]
    shown = [_column(each, first[each.pk]) for each in columns]
    news = [
        card
        for cards in first.values()
        for card in cards
        if asked.versions.get(card.pk) != card.version
    ]
    return JsonResponse({"stamp": stamp, "columns": shown, "cards": _drawn(board, news)})


def move(kind: type[Board], request: Any, pk: int) -> HttpResponse:
    """Move a card: answers a script in JSON, or asks on a page of its own and goes back."""
    _refuse_strangers(kind, request)
    if request.method != "POST" or request.content_type != "application/json":
        return _move_page(kind, request, pk)
    board = kind(request)
    try:
        _refuse_everybody()
        if not board.may_move:
            raise PermissionDenied
        board.move(_read_move(pk, _read_json(request)))
    except DomainError as refusal:
        return _refused(refusal, board.worded(refusal, pk))
    return JsonResponse({"moved": True})


def _move_page(kind: type[Board], request: Any, pk: int) -> HttpResponse:
    board = kind(request)
    if not board.may_move:
        raise PermissionDenied
    try:
        _refuse_everybody()
        title, form = board.move_form(pk, request.POST or None)
        if form.is_valid():
            given = {**form.cleaned_data}
            board.move(Move(pk, int(given.pop("column")), given=given))
            messages.success(request, _("The card is moved."))
            return redirect(f"admin:{board.name}")
    except DomainError as refusal:
        messages.error(request, board.worded(refusal, pk))
        return redirect(f"admin:{board.name}")
    context = {
        **admin.site.each_context(request),
        "title": title,
        "form": form,
        "media": form.media,
        "back": reverse(f"admin:{board.name}"),
        "verb": _("Move"),
    }
    return TemplateResponse(request, "back_office/form_page.html", context)


def _refuse_strangers(kind: type[Board], request: Any) -> None:
    if not request.user.has_perm(kind.view_right):
        raise PermissionDenied


def _refuse_everybody() -> None:
    if current_tenant() is None:
        raise InvalidInput(str(CHOOSE_TENANT))


def _refused(refusal: DomainError, reason: str) -> JsonResponse:
    return JsonResponse({"code": refusal.code, "reason": reason}, status=refusal.status)


def _column(column: Column, cards: Any) -> dict[str, Any]:
    return {
        "id": column.pk,
        "count": column.count,
        "sums": list(column.sums),
        "cards": [card.pk for card in cards],
    }


def _drawn(board: Board, cards: list[Card]) -> dict[int, str]:
    return {card.pk: render_to_string(CARD, {"card": card, "board": board}) for card in cards}


# What a script sends ---------------------------------------------------------------------------
@dataclass(frozen=True)
class _Shown:
    """What a page shows: how many cards of which column, and each card's version."""

    stamp: str
    sizes: dict[int, int]
    versions: dict[int, str]


def _read_json(request: Any) -> dict[str, Any]:
    try:
        sent = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        sent = None
    if not isinstance(sent, dict):
        raise InvalidInput(_("This is not what a board sends."))
    return sent


def _read_shown(sent: dict[str, Any]) -> _Shown:
    sizes, versions = sent.get("sizes", {}), sent.get("cards", {})
    if not isinstance(sizes, dict) or not isinstance(versions, dict) or len(versions) > MOST_KNOWN:
        raise InvalidInput(_("This is not what a board sends."))
    return _Shown(
        stamp=str(sent.get("stamp") or ""),
        sizes={_id(pk): min(_id(size), MOST_SHOWN) for pk, size in sizes.items()},
        versions={_id(pk): str(version) for pk, version in versions.items()},
    )


def _read_move(pk: int, sent: dict[str, Any]) -> Move:
    known, below = sent.get("known"), sent.get("below")
    given = sent.get("given", {})
    if not isinstance(given, dict) or not all(isinstance(each, str) for each in given.values()):
        raise InvalidInput(_("This is not what a board sends."))
    return Move(
        pk=pk,
        column=_id(sent.get("column")),
        known=None if known is None else _id(known),
        below=None if below is None else _id(below),
        given=given,
    )


def _id(value: Any) -> int:
    text = str(value)
    if isinstance(value, bool) or not (text.isascii() and text.isdecimal() and len(text) <= 19):
        raise InvalidInput(_("This is not what a board sends."))
    return min(int(text), MAX_ID)
