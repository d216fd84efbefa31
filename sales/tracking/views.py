"""What leads from a campaign's mail to us: pixel, links, unsubscribing. Nobody signs in here."""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from rest_framework.exceptions import Throttled

from core.api.throttling import hit
from core.audit import acting
from core.errors import DomainError
from core.network import client_address
from core.tenancy import tenant_scope
from sales.mass_mail import links
from sales.mass_mail.models import CampaignRecipient
from sales.tracking.services import note_click, note_open, open_link, target_of, unsubscribe

PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
PER_MINUTE = 120  # links that we gave to nobody, by who comes with them
Page = Callable[..., HttpResponse]


def mail_page(purpose: str, *methods: str) -> Callable[[Page], Any]:
    """Declare a page that a link in a mail leads to, in its tenant's language."""

    def declare(page: Page) -> Any:
        @wraps(page)
        @csrf_exempt  # the token is what proves that it came from the mail
        @require_http_methods(methods)
        def shown(request: Any, token: str) -> HttpResponse:
            answer = _answer(page, purpose, request, token)
            for name, value in HEADERS.items():
                answer[name] = value
            return answer

        return shown

    return declare


def _answer(page: Page, purpose: str, request: Any, token: str) -> HttpResponse:
    try:
        recipient, numbers = open_link(purpose, token)
        tenant = recipient.tenant
        with (
            tenant_scope(tenant.pk),
            translation.override(tenant.language),
            acting(door="link"),
        ):
            return page(request, recipient, *numbers)
    except (DomainError, TypeError):
        return _unknown(request, token)


def _unknown(request: Any, token: str) -> HttpResponse:
    """Say that nobody was given such a link; or that this one is there to be looked at.

    Only these are counted: mail programs fetch for thousands of people from one address.
    """
    try:
        hit("campaign-link", client_address(request), limit=PER_MINUTE)
    except Throttled as refusal:
        answer = HttpResponse(status=429)
        answer["Retry-After"] = str(max(1, int(getattr(refusal, "wait", None) or 1)))
        return answer
    with translation.override(translation.get_language_from_request(request)):
        if token == links.OF_A_TEST:
            title, status = _("This is how one unsubscribes"), 200
            text = _("The link in a mail to a customer works; this one came with a test.")
        else:
            title, status = _("We do not know this link"), 404
            text = _("Look whether it is whole: mail programs sometimes cut it.")
        shown = {"title": title, "text": text}
        return render(request, "sales/unsubscribe/said.html", shown, status=status)


def _is_read_by_people(request: Any) -> bool:
    """Whether somebody asked for it: programs look ahead with HEAD, or say that they do."""
    names = ("Purpose", "Sec-Purpose", "X-Moz")
    purpose = " ".join(request.headers.get(name, "") for name in names)
    return request.method == "GET" and "prefetch" not in purpose and "preview" not in purpose


@mail_page(links.OPEN, "GET", "HEAD")
def pixel(request: Any, recipient: CampaignRecipient) -> HttpResponse:
    """The picture of nothing by which one knows that a mail was opened."""
    if _is_read_by_people(request):
        note_open(recipient, at=timezone.now())
    return HttpResponse(PIXEL, content_type="image/gif")


@mail_page(links.CLICK, "GET", "HEAD")
def click(request: Any, recipient: CampaignRecipient, number: int) -> HttpResponse:
    """To where a link of the campaign leads, and nowhere else."""
    address = target_of(recipient, number)
    if _is_read_by_people(request):
        note_click(recipient, at=timezone.now())
    return HttpResponseRedirect(address)


@mail_page(links.UNSUBSCRIBE, "GET", "HEAD", "POST")
def unsubscribe_page(request: Any, recipient: CampaignRecipient) -> HttpResponse:
    """Looking changes nothing, as programs that check mails look, too. POST unsubscribes: from the
    page, and by the mail program's own button (RFC 8058)."""
    shown = {"sender": recipient.tenant.name, "address": recipient.address}
    if request.method != "POST":
        return render(request, "sales/unsubscribe/ask.html", shown)
    unsubscribe(recipient, at=timezone.now())
    words = _("%(sender)s will send no more such mails to %(address)s.") % shown
    said = {"title": _("You are unsubscribed"), "text": words}
    return render(request, "sales/unsubscribe/said.html", said)
