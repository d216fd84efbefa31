from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from accounts.passwords import services
from accounts.passwords.models import PasswordLink
from accounts.passwords.serializers import (
    EmailSerializer,
    InvitationSerializer,
    PasswordByLinkSerializer,
    PasswordChangeSerializer,
)
from accounts.sessions.serializers import SignedInSerializer
from accounts.sessions.services import open_session
from accounts.sessions.views import AuthView, device, signed_in, valid
from accounts.two_factor.services import check_second_factor
from accounts.users.serializers import UserSerializer
from core.api.errors import Surface
from core.api.openapi import in_data
from core.api.permissions import SIGNED_IN
from core.api.serializers import MessageSerializer
from core.api.throttling import Limit, hit, hit_all
from core.api.views import TenantAPIView
from core.network import client_address

Purpose = PasswordLink.Purpose
HOUR = 3600  # seconds
TRIES_PER_MINUTE = 20  # of links, from one address: nobody guesses one anyway


def throttle_reset(request: Any, email: str) -> None:
    """Count a wish for a new password, by who asks and by whom it is about.

    :raises Throttled: there were enough of them this hour, whether anybody has the address or not.
    """
    limit = settings.CRM_PASSWORD_MAILS_PER_HOUR
    hit_all(
        Limit("reset-of", (email.strip().lower(),), limit, HOUR),
        Limit("reset-from", (client_address(request),), limit * 10, HOUR),
    )


def throttle_link(request: Any) -> None:
    """Count a try to set a password by a link.

    :raises Throttled: there were enough of them this minute.
    """
    hit("password-link", client_address(request), limit=TRIES_PER_MINUTE)


@extend_schema(request=EmailSerializer, responses={200: MessageSerializer}, auth=[])
class ForgotPasswordView(AuthView):
    """Ask for a mail with a link to choose a new password. The answer never tells who is known."""

    answers_too: ClassVar[Any] = (429,)

    def post(self, request: Any) -> Response:
        email = valid(EmailSerializer, request)["email"]
        throttle_reset(request, email)
        services.request_reset(email=email, at=timezone.now())
        return Response({"message": "If we know this address, a mail is on its way to it."})


@extend_schema(request=PasswordByLinkSerializer, responses={200: MessageSerializer}, auth=[])
class ResetPasswordView(AuthView):
    """Choose a new password by the token of a mailed link; every session ends."""

    answers_too: ClassVar[Any] = (429,)

    def post(self, request: Any) -> Response:
        throttle_link(request)
        given = valid(PasswordByLinkSerializer, request)
        _set_password(given, Purpose.RESET)
        return Response({"message": "The password has been changed."})


@extend_schema(request=PasswordByLinkSerializer, responses={200: SignedInSerializer}, auth=[])
class AcceptInvitationView(AuthView):
    """Choose the first password by the token of an invitation, and sign in."""

    answers_too: ClassVar[Any] = (403, 429)

    def post(self, request: Any) -> Response:
        throttle_link(request)
        given = valid(PasswordByLinkSerializer, request)
        user = _set_password(given, Purpose.INVITATION)
        check_second_factor(user=user, code="", at=timezone.now())
        return signed_in(user, open_session(user=user, **device(request)))


def _set_password(given: dict[str, Any], purpose: str) -> Any:
    token, password = given["token"], given["password"]
    return services.set_password_by_link(
        token=token, purpose=purpose, password=password, at=timezone.now()
    )


@extend_schema(request=PasswordChangeSerializer, responses={200: MessageSerializer})
class ChangePasswordView(TenantAPIView):
    """Change one's own password; every other session ends."""

    answers_too: ClassVar[Any] = (429,)

    surface = Surface.SALES
    permission = SIGNED_IN

    def post(self, request: Any) -> Response:
        hit("change-password", str(request.user.pk), limit=settings.CRM_LOGIN_TRIES_PER_MINUTE)
        given = valid(PasswordChangeSerializer, request)
        services.change_password(
            user_id=request.user.pk,
            current=given["current_password"],
            password=given["password"],
            session_id=request.auth,
            at=timezone.now(),
        )
        return Response({"message": "The password has been changed."})


def throttle_invitation(user: Any) -> None:
    """Count an invitation of a tenant.

    :raises Throttled: there were enough of them this hour.
    """
    hit("invite", str(user.tenant_id), limit=settings.CRM_INVITATIONS_PER_HOUR, seconds=HOUR)


@extend_schema(request=InvitationSerializer, responses={201: in_data(UserSerializer)})
class InviteView(TenantAPIView):
    """Invite a colleague by mail: the link in it sets their password."""

    answers_too: ClassVar[Any] = (429,)

    surface = Surface.SALES
    permission = "accounts.add_user"

    def post(self, request: Any) -> Response:
        given = valid(InvitationSerializer, request)
        throttle_invitation(request.user)
        user = services.invite_user(by=request.user, at=timezone.now(), **given)
        return Response({"data": UserSerializer(user).data}, status=201)


class InviteAgainView(TenantAPIView):
    """Mail another invitation to somebody who has not accepted yet; the earlier link ends."""

    answers_too: ClassVar[Any] = (429,)

    surface = Surface.SALES
    permission = "accounts.add_user"

    @extend_schema(
        operation_id="users_invite_again", request=None, responses={200: in_data(UserSerializer)}
    )
    def post(self, request: Any, pk: int) -> Response:
        throttle_invitation(request.user)
        user = services.invite_again(user_id=pk, by=request.user, at=timezone.now())
        return Response({"data": UserSerializer(user).data})
