"""The scheduler that calls from outside."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.crypto import constant_time_compare
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed


class CronAuthentication(BaseAuthentication):
    """`Authorization: Bearer <CRM_CRON_TOKEN>`. Nobody may while the setting is empty."""

    def authenticate(self, request: Any) -> None:
        kind, _, sent = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        token = settings.CRM_CRON_TOKEN
        is_right = constant_time_compare(sent.strip().encode(), token.encode())
        if not token or kind.lower() != "bearer" or not is_right:
            raise AuthenticationFailed("The cron token is missing or wrong.")

    def authenticate_header(self, request: Any) -> str:
        return "Bearer"


class CronAuthenticationScheme(OpenApiAuthenticationExtension):
    """How the documentation describes it."""

    target_class = CronAuthentication
    name = "cron"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
