from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, ClassVar

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.response import Response

from core.api.errors import Surface
from core.api.permissions import ANYONE
from core.api.views import TenantAPIView, json_object
from core.audit import acting
from core.errors import NotAllowed, NotFound
from core.network import client_address
from core.tenancy import tenant_scope
from sales.forms.models import FormSubmission, WebForm
from sales.submitting.guarding import (
    find_form,
    is_own,
    issue_token,
    origin_of,
    suspicion,
    throttle,
)
from sales.submitting.parsing import MULTIPART, URL_ENCODED, FormParser
from sales.submitting.serializers import ReceiptSerializer, ShownFormSerializer
from sales.submitting.services import Receipt, Visitor, keep_rejected, submit_form

SENT = {
    "first_name": "Carlos",
    "last_name": "Martínez Díaz",
    "email": "cmartinez@miempresa.mx",
    "phone": "+52 33 1234 5678",
    "message": "Me interesa conocer sus servicios de consultoría.",
}


@contextmanager
def opened_form(request: Any, api_key: str) -> Iterator[WebForm]:
    """Act for the tenant of a form, in its language and time zone.

    :raises Throttled: it was asked for, or sent, too often.
    :raises NotFound: there is no such form.
    """
    throttle(request, api_key)
    form = find_form(api_key)
    if form is None:
        raise NotFound("Not found.")
    tenant = form.tenant
    with (
        tenant_scope(tenant.pk),
        timezone.override(tenant.zone),
        translation.override(tenant.language),
        acting(door="form"),
    ):
        yield form


def take(request: Any, form: WebForm, sent: Any, *, is_page: bool) -> Receipt:
    """Take what was sent by a form, unless a program sent it.

    :param is_page: whether it came by the form's own page, which says when it was shown.
    :raises NotAllowed: it was sent from a site that may not.
    :raises InvalidInput: a field is missing or wrong.
    """
    at, origin = timezone.now(), origin_of(request)
    visitor = Visitor(client_address(request), request.headers.get("User-Agent", ""), origin)
    is_ours = is_own(request, origin)
    if not is_ours and origin not in form.allowed_origins:
        reason = FormSubmission.Reason.ORIGIN
        keep_rejected(form=form, sent=sent, reason=reason, visitor=visitor)
        raise NotAllowed(_("This form cannot be sent from this page."))
    bot = suspicion(form, sent, is_token_needed=is_page and is_ours, at=at)
    if bot is not None:
        return keep_rejected(form=form, sent=sent, reason=bot, visitor=visitor)
    return submit_form(form=form, sent=sent, visitor=visitor, at=at)


class PublicFormView(TenantAPIView):
    """What everybody may do with a form whose key they have. No token is looked at."""

    surface = Surface.SALES
    permission = ANYONE
    authentication_classes: Any = []
    answers_too: ClassVar[Any] = {"get": (429,), "post": (403, 429)}
    parser_classes: Any = [FormParser]


class SubmitView(PublicFormView):
    """What a visitor fills in: JSON, or as a form of a web page sends it."""

    @extend_schema(
        operation_id="public_forms_submit",
        request=dict.fromkeys(("application/json", URL_ENCODED, MULTIPART), OpenApiTypes.OBJECT),
        responses=ReceiptSerializer,
        examples=[OpenApiExample("sent", SENT, request_only=True)],
        auth=[],
    )
    def post(self, request: Any, api_key: str) -> Response:
        with opened_form(request, api_key) as form:
            receipt = take(request, form, json_object(request), is_page=False)
        return Response({"success": True, **asdict(receipt)})


class ShownFormView(PublicFormView):
    """A form, for a page that shows it."""

    @extend_schema(operation_id="public_forms_retrieve", responses=ShownFormSerializer, auth=[])
    def get(self, request: Any, api_key: str) -> Response:
        with opened_form(request, api_key) as form:
            answer = Response(ShownFormSerializer(shown(form)).data)
        answer["Cache-Control"] = "no-store"
        return answer


def shown(form: WebForm) -> dict[str, Any]:
    """Return what is shown of a form, in the language that is spoken."""
    return {
        **{name: getattr(form, name) for name in ("name", "intro", "redirect_url")},
        "thank_you": form.thank_you or _("Thank you. We will be in touch soon."),
        "honeypot_field": form.honeypot_field,
        "form_token": issue_token(form, at=timezone.now()),
        "fields": list(form.fields.all()),
        "texts": {
            "send": _("Send"),
            "choose": _("Choose…"),
            "leave_empty": _("Leave this empty"),
            "failed": _("That did not work. Please try again in a minute."),
        },
    }
