from __future__ import annotations

from typing import Any

from django.utils import timezone, translation
from django.utils.translation.trans_real import parse_accept_lang_header
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from clients.companies.models import Company
from clients.onboarding.querysets import for_onboarding
from clients.onboarding.serializers import OnboardingSerializer, OnboardingWriteSerializer
from clients.onboarding.services import note_onboarding
from clients.onboarding.steps import LABELS, onboarding_shape
from core.api.errors import Surface
from core.api.views import TenantAPIView, read_body
from core.errors import NotFound
from core.rights import CRM_ACCESS
from prospects.board import parameters as read

LANGUAGES = ("es", "en")  # the first is spoken to whoever asks for neither


class OnboardingView(TenantAPIView):
    """`/clients/{id}/onboarding`"""

    surface = Surface.CRM
    permission = {"get": CRM_ACCESS, "patch": (CRM_ACCESS, "clients.change_company")}

    @extend_schema(
        parameters=[OpenApiParameter("translate", bool, default=False)],
        responses=OnboardingSerializer,
    )
    def get(self, request: Any, pk: int) -> Response:
        return self._answer(request, Company.objects.visible_to(request.user).filter(pk=pk))

    @extend_schema(request=OnboardingWriteSerializer, responses=OnboardingSerializer)
    def patch(self, request: Any, pk: int) -> Response:
        noted = read_body(OnboardingWriteSerializer, request).noted()
        note_onboarding(company_id=pk, at=timezone.now(), seen_by=request.user, **noted)
        return self._answer(request, Company.objects.filter(pk=pk))

    def _answer(self, request: Any, companies: Any) -> Response:
        translate = read.boolean("translate", request.query_params.get("translate") or "false")
        facts = for_onboarding(companies).first()
        if facts is None:
            raise NotFound("There is no such client.")
        shape = onboarding_shape(facts)
        if translate:
            with translation.override(asked_language(request.headers.get("Accept-Language", ""))):
                for step in shape["steps"]:
                    step["label"] = str(LABELS[step["key"]])
        return Response(shape)


def asked_language(header: str) -> str:
    """Return the first of our languages that an Accept-Language header asks for."""
    for tag, quality in parse_accept_lang_header(header.lower()):
        language = tag.partition("-")[0]
        if quality and language in LANGUAGES:
            return language
    return LANGUAGES[0]
