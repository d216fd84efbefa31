"""The addresses of a card that went into another one lead to where it went."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpResponsePermanentRedirect
from rest_framework.response import Response

from core.errors import NotFound
from prospects.pipeline.locking import find_survivor


def redirect_to(address: str) -> HttpResponsePermanentRedirect:
    """A 301 that browsers ask for again each time: a merge can be undone."""
    response = HttpResponsePermanentRedirect(address)
    response["Cache-Control"] = "no-cache"
    return response


class FollowsMergedCards:
    """A view of `/prospects/{pk}…`: reading what a merged card had is answered with a 301.

    Nothing is asked beforehand: who finds the card pays nothing. Writes are not redirected; they
    were meant for another card.
    """

    answers_too: ClassVar[Any] = {"get": (301,)}

    def handle_exception(self, exc: Exception) -> Any:
        moved = self._moved_to(exc)
        return super().handle_exception(exc) if moved is None else moved  # type: ignore[misc]

    def _moved_to(self, exc: Exception) -> Response | None:
        view: Any = self
        request, pk = view.request, view.kwargs.get("pk")
        if not isinstance(exc, NotFound) or request.method not in ("GET", "HEAD") or pk is None:
            return None
        into = find_survivor(pk, seen_by=request.user)
        if into is None:
            return None
        address = request.get_full_path().replace(f"/prospects/{pk}", f"/prospects/{into}", 1)
        redirect: Any = redirect_to(address)
        return redirect
