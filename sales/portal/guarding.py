"""Who may knock how often, and forms that come from our own pages.

Django's check of forms wants to see where they come from; the address of these pages is a secret
that no browser may pass on (Referrer-Policy: no-referrer), so it does not say. Here the page, a
cookie and the link are tied together instead.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from core.api.throttling import Limit, hit_all
from core.mails import hashed
from core.network import client_address

COOKIE = "document_form"
FORM_FIELD = "form_token"
DAY = 24 * 3600  # seconds
PER_MINUTE, TRIES_PER_MINUTE = 60, 10


def throttle(request: Any, token: str) -> None:
    """Count a visit, by who comes and by the link; things that are done count for more.

    :raises Throttled: there were enough of them this minute.
    """
    callers = (("document-link", client_address(request)), ("document-link-of", hashed(token)))
    limits = [Limit(scope, (who,), PER_MINUTE) for scope, who in callers]
    if request.method == "POST":
        limits += [Limit(f"{scope}-post", (who,), TRIES_PER_MINUTE) for scope, who in callers]
    hit_all(*limits)


def form_token(request: Any, link: str) -> str:
    """Return what a form must bring back; `remember_visitor` sets the cookie that goes with it.

    :param link: the hash of the link's token.
    """
    if not hasattr(request, "form_secret"):
        request.form_secret = request.COOKIES.get(COOKIE) or secrets.token_urlsafe(32)
    return _signed(request.form_secret, link)


def remember_visitor(request: Any, answer: HttpResponse, path: str) -> None:
    """Give a browser that was shown a form the cookie that goes with it.

    :param path: with what the addresses of these pages begin.
    """
    if hasattr(request, "form_secret"):
        answer.set_cookie(
            COOKIE,
            request.form_secret,
            max_age=DAY,
            path=path,
            secure=settings.CSRF_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def is_own_form(request: Any, link: str) -> bool:
    """Whether a form was shown by us, to this browser, on the page of this link."""
    secret, sent = request.COOKIES.get(COOKIE, ""), request.POST.get(FORM_FIELD, "")
    return bool(secret) and constant_time_compare(sent, _signed(secret, link))


def _signed(secret: str, link: str) -> str:
    return salted_hmac("sales.portal", f"{secret}:{link}").hexdigest()
