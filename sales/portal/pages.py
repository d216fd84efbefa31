"""What every page of a link has in common: limits, language, headers, refusals in plain words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods
from rest_framework.exceptions import Throttled

from core.audit import acting
from core.errors import DomainError
from core.tenancy import tenant_scope
from sales.mailing.links import PATH
from sales.portal.guarding import is_own_form, remember_visitor, throttle
from sales.portal.services import open_link

# The address is the secret: nobody may keep, pass on or find it. And nothing runs here.
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
Page = Callable[[Any, Any], HttpResponse]

REFUSALS: dict[str, tuple[Any, Any]] = {
    "not_found": (
        _("We do not know this link"),
        _("Look whether it is whole: mail programs sometimes cut it. It begins in the mail."),
    ),
    "link_over": (
        _("This link does not work any more"),
        _("Its time is over, or there is a newer one. Ask to have it sent again."),
    ),
    "withdrawn": (
        _("This document was withdrawn"),
        _("Whoever sent it to you has called it off. Ask them if you did not expect that."),
    ),
    "wrong_state": (
        _("This cannot be done any more"),
        _("The document was decided meanwhile, or its time is over. Look at it again."),
    ),
    "changed": (
        _("The document was changed meanwhile"),
        _("What you read is not what it says now. Nothing was done: read it again, then decide."),
    ),
    "foreign_form": (
        _("That did not come from our page"),
        _("Nothing was done. Open the link again, allow its cookie, and try once more."),
    ),
    "too_many": (_("Too many tries"), _("Wait a minute, then open the link again.")),
}
IN_GENERAL = (_("That does not work"), _("Nothing was done. Ask whoever sent you the link."))


@dataclass(frozen=True)
class Links:
    """Links of one kind: with what their addresses begin, and the mail that a token came with.

    `open` takes the token and the moment and raises DomainError; `refusals` says in plain words
    what is refused of this kind, by code; `look` is what leads back to the page.
    """

    path: str
    open: Callable[..., Any]
    look: Any
    refusals: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)


DOCUMENTS = Links(PATH, open_link, _("Look at the document"))


class ForeignForm(DomainError):
    """A form that was not shown by us, or to another browser."""

    code = "foreign_form"
    status = 403


def link_page(*methods: str, links: Links = DOCUMENTS) -> Callable[[Page], Any]:
    """Declare a page for whoever has a link, in the language and time zone of its tenant.

    It is called with the request and the mail that the link came with.
    """

    def declare(page: Page) -> Any:
        @wraps(page)
        @csrf_exempt  # guarding.py
        @require_http_methods(methods)
        @sensitive_variables("token")
        def shown(request: Any, token: str) -> HttpResponse:
            with translation.override(translation.get_language_from_request(request)):
                answer = _answer(page, links, request, token)
            remember_visitor(request, answer, links.path)
            for name, value in HEADERS.items():
                answer[name] = value
            return answer

        return shown

    return declare


def _answer(page: Page, links: Links, request: Any, token: str) -> HttpResponse:
    try:
        throttle(request, token)
        mail = links.open(token, at=timezone.now())
    except Throttled as refusal:
        answer = refuse(request, links, "too_many", 429)
        answer["Retry-After"] = str(max(1, int(getattr(refusal, "wait", None) or 1)))
        return answer
    except DomainError as refusal:
        return refuse(request, links, refusal.code, refusal.status)
    tenant = mail.tenant
    with (
        tenant_scope(tenant.pk),
        timezone.override(tenant.zone),
        translation.override(tenant.language),
        acting(door="link"),
    ):
        try:
            if request.method == "POST" and not is_own_form(request, mail.token_hash):
                raise ForeignForm("The form was not ours.")
            return page(request, mail)
        except DomainError as refusal:
            shown = {"mail": mail, "page": f"{links.path}{token}"}
            return refuse(request, links, refusal.code, refusal.status, **shown)


def refuse(request: Any, links: Links, code: str, status: int, **shown: Any) -> HttpResponse:
    """Say in plain words why something is not shown or was not done."""
    title, text = links.refusals.get(code) or REFUSALS.get(code, IN_GENERAL)
    may_look = status in (403, 409)
    given = {"title": title, "text": text, "may_look": may_look, "look": links.look, **shown}
    return render(request, "sales/link/refused.html", given, status=status)
