"""Who may send a form: not too often, not from everywhere, and no programs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.signing import BadSignature, Signer

from core.api.throttling import hit
from core.network import caller_of
from core.tenancy import across_tenants
from core.values import InvalidValue
from sales.forms.models import FormSubmission, WebForm
from sales.forms.origins import read_origin

TOKEN = "form_token"  # the field that says when the form was shown  # noqa: S105 (a field's name)
SUBMISSIONS_PER_MINUTE, LOOKS_PER_MINUTE = 20, 120  # of a form, from one caller

Reason = FormSubmission.Reason


def throttle(request: Any, api_key: str) -> None:
    """Count a submission, or a look at a form.

    :raises Throttled: there were enough of them this minute.
    """
    is_sent = request.method == "POST"
    scope, limit = ("form", SUBMISSIONS_PER_MINUTE) if is_sent else ("form-look", LOOKS_PER_MINUTE)
    hit(scope, api_key, caller_of(request), limit=limit)


def find_form(api_key: str) -> WebForm | None:
    """Return the active form with this key, whosever it is."""
    with across_tenants():
        forms = WebForm.objects.select_related("tenant").filter(is_active=True)
        found: WebForm | None = forms.filter(
            api_key=api_key.replace("\x00", ""), tenant__is_active=True
        ).first()
        return found


def issue_token(form: WebForm, *, at: datetime) -> str:
    """Return what a form that is shown now must bring back."""
    return _signer().sign_object({"form": form.pk, "at": int(at.timestamp())})


def suspicion(
    form: WebForm, sent: Mapping[str, Any], *, is_token_needed: bool, at: datetime
) -> Reason | None:
    """Why this was sent by a program; None if it may well be a person's.

    :param is_token_needed: whether it must say when it was shown: it came from a page of ours.
    """
    if str(sent.get(form.honeypot_field) or "").strip():
        return Reason.HONEYPOT
    token = sent.get(TOKEN)
    if not token:
        return Reason.TOO_FAST if is_token_needed else None
    shown_at = _read_token(form, token)
    is_slow_enough = shown_at is not None and at.timestamp() - shown_at >= form.min_seconds
    return None if is_slow_enough else Reason.TOO_FAST


def origin_of(request: Any) -> str:
    """Return the site that the browser says the form was sent from; "" if it says none."""
    said = request.headers.get("Origin", "")
    try:
        return read_origin(said) if said else ""
    except InvalidValue:
        return "null"


def is_own(request: Any, origin: str) -> bool:
    """Whether it was sent from a page of ours, or by what is no browser."""
    parts = urlsplit(settings.CRM_PUBLIC_URL)
    ours = (f"{request.scheme}://{request.get_host()}", f"{parts.scheme}://{parts.netloc}")
    return origin in ("", *ours)


def _read_token(form: WebForm, token: Any) -> int | None:
    """When the form was shown, in seconds since 1970; None of what is not our token for it."""
    try:
        read = _signer().unsign_object(str(token))
    except (BadSignature, ValueError):
        return None
    return int(read["at"]) if read["form"] == form.pk else None


def _signer() -> Signer:
    return Signer(salt="sales.submitting")
