from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from accounts.sessions import services
from accounts.sessions.serializers import (
    LoginSerializer,
    MeAnswerSerializer,
    RefreshSerializer,
    RegisterSerializer,
    SignedInSerializer,
)
from accounts.sessions.tokens import TokenPair
from accounts.sessions.tries import count_code, count_try
from accounts.tenants.services import create_tenant
from accounts.users.models import User
from accounts.users.serializers import ProfileSerializer
from accounts.users.services import rename_user
from core.api.errors import Surface
from core.api.permissions import ANYONE, SIGNED_IN
from core.api.serializers import MessageSerializer
from core.api.throttling import hit
from core.api.views import TenantAPIView, json_object
from core.network import client_address


def valid(serializer_class: Any, request: Any) -> dict[str, Any]:
    """Return the body's fields as the serializer understands them."""
    serializer = serializer_class(data=json_object(request))
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


def signed_in(user: User, pair: TokenPair, status: int = 200) -> Response:
    """The answer of everything that opens or renews a session."""
    body = {
        "token": pair.access,
        "refresh_token": pair.refresh,
        "expires_at": pair.expires_at,
        "user": user,
        "tenant": user.tenant,
    }
    return Response(SignedInSerializer(body).data, status=status)


def device(request: Any) -> dict[str, Any]:
    """What a session remembers of where it was opened."""
    return {
        "user_agent": request.headers.get("User-Agent", "").replace("\x00", ""),
        "ip_address": client_address(request),
        "at": timezone.now(),
    }


class AuthView(TenantAPIView):
    """The sales API's views before and around signing in."""

    surface = Surface.SALES
    permission = ANYONE
    authentication_classes: Any = []
    takes_key = False


@extend_schema(request=LoginSerializer, responses={200: SignedInSerializer}, auth=[])
class LoginView(AuthView):
    """Open a session with email and password."""

    answers_too: ClassVar[Any] = (401, 403, 429)

    def post(self, request: Any) -> Response:
        fields = valid(LoginSerializer, request)
        email = fields["email"].strip().lower()
        count_try(client_address(request), email)
        otp = fields.get("otp", "")
        if otp:
            count_code(email)
        user, pair = services.sign_in(
            email=email, password=fields["password"], otp=otp, **device(request)
        )
        return signed_in(user, pair)


@extend_schema(request=RegisterSerializer, responses={201: SignedInSerializer}, auth=[])
class RegisterView(AuthView):
    """Create a tenant with its first user and default data, and sign in."""

    answers_too: ClassVar[Any] = (429,)

    def post(self, request: Any) -> Response:
        limit = settings.CRM_REGISTRATIONS_PER_MINUTE
        hit("register", client_address(request), limit=limit)
        fields = valid(RegisterSerializer, request)
        user = create_tenant(
            name=fields["tenant_name"],
            admin_name=fields["name"],
            email=fields["email"],
            password=fields["password"],
        )
        pair = services.open_session(user=user, **device(request))
        return signed_in(user, pair, status=201)


@extend_schema(request=RefreshSerializer, responses={200: SignedInSerializer}, auth=[])
class RefreshView(AuthView):
    """Exchange a refresh token for a new pair; the old one stops working."""

    answers_too: ClassVar[Any] = (401,)

    def post(self, request: Any) -> Response:
        raw = valid(RefreshSerializer, request)["refresh_token"]
        user, pair = services.refresh_session(raw=raw, at=timezone.now())
        return signed_in(user, pair)


@extend_schema(request=None, responses={200: MessageSerializer})
class LogoutView(TenantAPIView):
    """Revoke the session of the token that is sent."""

    surface = Surface.SALES
    permission = SIGNED_IN

    def post(self, request: Any) -> Response:
        services.revoke_session(session_id=request.auth, at=timezone.now())
        return Response({"message": "Logged out successfully."})


class MeView(TenantAPIView):
    """Who am I, for which tenant, and what may I do?"""

    surface = Surface.SALES
    permission = SIGNED_IN

    @extend_schema(responses={200: MeAnswerSerializer})
    def get(self, request: Any) -> Response:
        body = {"data": request.user, "tenant": request.user.tenant}
        return Response(MeAnswerSerializer(body).data)

    @extend_schema(request=ProfileSerializer, responses={200: MeAnswerSerializer})
    def put(self, request: Any) -> Response:
        """Change what one is called."""
        rename_user(user_id=request.user.pk, name=valid(ProfileSerializer, request)["name"])
        request.user.refresh_from_db(fields=["name"])
        return self.get(request)
