"""A session that ended in the middle of a form: what was typed is not lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _

from crm_project.back_office.kept_forms import is_too_large, kept_of
from crm_project.back_office.signing_in import show_sign_in

OPEN_VIEWS = {"admin:login", "admin:login_code", "admin:login_set_up", "admin:logout"}


class SessionOverMiddleware:
    """Answers what nobody posts to /admin/ with the page of signing in, which carries it along.

    It runs after the check against forgery. Scripts are told with 401 and a message.
    """

    def __init__(self, get_response: Callable[[Any], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: Any, *view: Any) -> HttpResponseBase | None:
        if not request.path.startswith("/admin/") or request.user.is_authenticated:
            return None
        if request.resolver_match.view_name in OPEN_VIEWS:
            return None
        if is_script(request):
            text = _("Your session is over: sign in again, in another tab. Then try once more.")
            return JsonResponse({"message": text}, status=401)
        if request.method != "POST":
            return None
        kept = kept_of(request)
        if is_too_large(kept.sealed):
            return show_sign_in(request, None, is_lost=True)
        return show_sign_in(request, kept)


def is_script(request: Any) -> bool:
    """Whether a program of a page asks, which can show a message and no page."""
    accepted = request.headers.get("Accept", "")
    return bool(
        request.content_type == "application/json"
        or request.headers.keys() & {"X-Requested-With", "Hx-Request"}
        or ("application/json" in accepted and "text/html" not in accepted)
    )
