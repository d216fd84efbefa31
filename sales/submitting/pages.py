"""The page of a form: for those who have no web page, and to be framed by those of others.

Nothing runs on it, and it works for everybody who has a browser.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpResponse, HttpResponseRedirect
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from rest_framework.exceptions import Throttled

from accounts.pictures.addresses import picture_path
from core.errors import DomainError, InvalidInput
from sales.forms.models import WebForm
from sales.submitting.guarding import TOKEN, is_own, issue_token, origin_of
from sales.submitting.parsing import MOST_BYTES, plain
from sales.submitting.views import opened_form, shown, take

SCRIPT = Path(__file__).with_name("embed.js").read_bytes()
REFUSALS: dict[int, tuple[Any, Any]] = {
    403: (_("This form cannot be sent from there"), _("Nothing was sent.")),
    404: (_("We do not know this form"), _("It was taken down, or the address is not whole.")),
    413: (_("That is too much"), _("Nothing was sent. Please write less.")),
    422: (_("That cannot be sent"), _("Nothing was sent. Please go back and try again.")),
    429: (_("Too many tries"), _("Wait a minute, then send it again.")),
}

Page = Callable[[Any, WebForm], HttpResponse]


def form_page(*methods: str) -> Callable[[Page], Any]:
    """Declare a page of a form, which only the sites that the form allows may frame."""

    def declare(page: Page) -> Any:
        @wraps(page)
        @xframe_options_exempt  # frame-ancestors says more
        @csrf_exempt  # nobody is signed in, and other sites' pages may send it
        @require_http_methods(methods)
        def answered(request: Any, api_key: str) -> HttpResponse:
            with translation.override(translation.get_language_from_request(request)):
                return _answer(page, request, api_key)

        return answered

    return declare


def _answer(page: Page, request: Any, api_key: str) -> HttpResponse:
    try:
        with opened_form(request, api_key) as form:
            try:
                return _guarded(page(request, form), form)
            except DomainError as refusal:
                status = 422 if refusal.status == 400 else refusal.status
                return _guarded(_refuse(request, status), form)
    except Throttled as refusal:
        answer = _guarded(_refuse(request, 429), None)
        answer["Retry-After"] = str(max(1, int(getattr(refusal, "wait", None) or 1)))
        return answer
    except DomainError as refusal:
        return _guarded(_refuse(request, refusal.status), None)


def _refuse(request: Any, status: int) -> HttpResponse:
    title, text = REFUSALS.get(status, REFUSALS[422])
    return render(request, "sales/form/word.html", {"title": title, "text": text}, status=status)


def _guarded(answer: HttpResponse, form: WebForm | None) -> HttpResponse:
    """Say who may frame the page, and where its form may lead.

    A page to go to afterwards may send visitors on to another site, and browsers ask for each one.
    """
    sites = " ".join(["'self'", *(form.allowed_origins if form else ())])
    places = "'self' https: http:" if form and form.redirect_url else "'self'"
    answer["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
        f"form-action {places}; frame-ancestors {sites}"
    )
    answer["Cache-Control"] = "no-store"
    return answer


@form_page("GET", "HEAD", "POST")
def page(request: Any, form: WebForm) -> HttpResponse:
    """The form; what is sent by it is taken, and what is wrong is shown beside the fields."""
    if request.method != "POST":
        return _show(request, form, {}, {})
    try:
        sent = _read(request)
    except SuspiciousOperation:
        return _refuse(request, 413)
    try:
        take(request, form, sent, is_page=True)
    except InvalidInput as refusal:
        sent[TOKEN] = sent.get(TOKEN) or _token_of_untimed(request, form)
        return _show(request, form, sent, refusal.fields or {})
    after = form.redirect_url or f"/f/{form.api_key}/thanks"
    return HttpResponseRedirect(after, status=303)


def _read(request: Any) -> dict[str, Any]:
    """Return what was sent.

    :raises SuspiciousOperation: it is more than a form sends.
    :raises InvalidInput: it cannot be read.
    """
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
            raise RequestDataTooBig
        return plain(request.POST)
    except (MultiPartParserError, ValueError) as error:
        raise InvalidInput("The body cannot be read.") from error


@form_page("GET", "HEAD")
def thanks(request: Any, form: WebForm) -> HttpResponse:
    """What is said to whoever has sent the form."""
    return render(request, "sales/form/thanks.html", _context(form))


@require_safe
def script(request: Any) -> HttpResponse:
    """The script by which other sites show forms."""
    answer = HttpResponse(SCRIPT, content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "public, max-age=3600"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _show(
    request: Any, form: WebForm, sent: dict[str, Any], errors: dict[str, list[str]]
) -> HttpResponse:
    """The form as it was filled in. Whoever mends it does not start to be timed again."""
    context = _context(form)
    context["token"] = sent.get(TOKEN) or context["form_token"]
    context["rows"] = [
        {
            "field": field,
            "value": sent.get(field.name, ""),
            "errors": errors.get(field.name, ()),
        }
        for field in context["fields"]
    ]
    named = {field.name for field in context["fields"]}
    context["others"] = [errors[name][0] for name in errors if name not in named]
    return render(request, "sales/form/page.html", context, status=422 if errors else 200)


def _token_of_untimed(request: Any, form: WebForm) -> str:
    """What a page of ours brings back that was first sent without a token.

    A plain form on an allowed site needs none: whoever mends it here is not timed from now on.
    """
    is_ours = is_own(request, origin_of(request))
    waited = timedelta(seconds=0 if is_ours else form.min_seconds)
    return issue_token(form, at=timezone.now() - waited)


def _context(form: WebForm) -> dict[str, Any]:
    tenant = form.tenant
    logo_url = picture_path(tenant.logo_id) or ""
    return {**shown(form), "action": f"/f/{form.api_key}", "tenant": tenant, "logo_url": logo_url}
