"""A form that is posted twice, as a double click does, does its work once."""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpResponseBase, HttpResponseRedirect

log = logging.getLogger(__name__)

REMEMBERED = 60  # seconds
PATIENCE = 10.0  # seconds for which the second one waits for the first
PAUSE = 0.1
RUNNING = "running"
TOKEN = "csrfmiddlewaretoken"  # noqa: S105 (a field's name)


class OnceMiddleware:
    """Sends a form's second post of /admin/ to where the first one went.

    Two posts are the same if they come from one rendering of a page (each masks the token against
    forgery anew) with the same values. If the first one was answered with a page (its errors, a
    download), or broke off, the second is work of its own. Scripts, which say that they are no
    navigation, are left alone; a cache that is down stops nobody.
    """

    def __init__(self, get_response: Callable[[Any], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        response = self.get_response(request)
        key = getattr(request, "_once_key", None)
        if key is not None:
            _remember(key, request, response)
        return response

    def process_view(self, request: Any, *view: Any) -> HttpResponseBase | None:
        """Runs after the check against forgery, before the view."""
        if not _is_form(request):
            return None
        key = _key_of(request)
        try:
            earlier = _claim(key)
        except Exception:
            log.exception("the cache does not answer; forms posted twice are done twice")
            return None
        if earlier is None:
            request._once_key = key
            return None
        return _gone_to(request, earlier)


def _is_form(request: Any) -> bool:
    return (
        request.method == "POST"
        and request.path.startswith("/admin/")
        and request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
        and request.user.is_authenticated
        and TOKEN in request.POST
    )


def _key_of(request: Any) -> str:
    files = [(name, file.name, file.size) for name, some in request.FILES.lists() for file in some]
    fields = sorted(request.POST.lists())
    sent = json.dumps([request.user.pk, request.get_full_path(), fields, sorted(files)])
    return f"once:{hashlib.sha256(sent.encode()).hexdigest()}"


def _claim(key: str) -> dict[str, Any] | None:
    """Return where the first one went, or None: then this one is to do the work.

    Waits while the first one is at it, but not for ever: a process may have died.
    """
    end = time.monotonic() + PATIENCE
    while not cache.add(key, RUNNING, REMEMBERED):
        earlier = cache.get(key)
        if isinstance(earlier, dict):
            return earlier
        if time.monotonic() > end:
            break
        time.sleep(PAUSE)
    return None


def _remember(key: str, request: Any, response: HttpResponseBase) -> None:
    try:
        if isinstance(response, HttpResponseRedirect):
            cache.set(key, {"to": response.url, "said": _said(request)}, REMEMBERED)
        else:
            cache.delete(key)
    except Exception:
        log.exception("the cache does not answer; a form posted twice may be done twice")


def _said(request: Any) -> list[tuple[int, str, str]]:
    """What the next page is to show: the browser dropped the first answer, messages included."""
    queued = getattr(messages.get_messages(request), "_queued_messages", [])
    return [(each.level, each.message, each.extra_tags) for each in queued]


def _gone_to(request: Any, earlier: dict[str, Any]) -> HttpResponseRedirect:
    for level, message, tags in earlier["said"]:
        messages.add_message(request, level, message, tags)
    return HttpResponseRedirect(earlier["to"])
