"""The base of every API view: who calls, for which tenant, in which words."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework.exceptions import AuthenticationFailed, ParseError
from rest_framework.views import APIView

from core.api.conditional import ConditionalMixin
from core.api.errors import Surface
from core.api.permissions import DeclaredPermission
from core.api.rates import count_request
from core.api.repeats import RepeatableMixin
from core.api.throttling import Allowance
from core.audit import name_actor
from core.errors import InvalidInput
from core.tenancy import enter_tenant


class TenantViewMixin(ConditionalMixin, RepeatableMixin):
    """Authenticates, enters the caller's tenant, checks the declared permission.

    Subclasses declare `surface` and `permission` (core.api.permissions).
    """

    surface: ClassVar[Surface]
    permission: ClassVar[Any]
    answers_too: ClassVar[Any] = ()  # what core.api.refusals cannot know
    permission_classes: Any = [DeclaredPermission]

    allowance: Allowance | None = None

    def perform_authentication(self, request: Any) -> None:
        try:
            super().perform_authentication(request)  # type: ignore[misc]
        except AuthenticationFailed:
            count_request(request)
            raise
        user = request.user if request.user and request.user.is_authenticated else None
        self.allowance = count_request(request, user)
        if user is not None:
            enter_tenant(user.tenant_id)
            name_actor(user.pk)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        for name, value in self.allowance.headers().items() if self.allowance else ():
            response.headers.setdefault(name, value)
        return response

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        for name, values in request.query_params.lists():
            if any("\x00" in value for value in (name, *values)):
                raise InvalidInput.of(name.replace("\x00", ""), "NUL bytes are not allowed.")


class TenantAPIView(TenantViewMixin, APIView):
    """A view that is not a plain resource."""


def json_object(request: Any) -> dict[str, Any]:
    """Return the body when it is a JSON object.

    :raises ParseError: answered as 422.
    """
    if not isinstance(request.data, dict):
        raise ParseError("The body must be a JSON object.")
    return request.data


def json_array(request: Any) -> list[Any]:
    """Return the body when it is a JSON array.

    :raises ParseError: answered as 422.
    """
    if not isinstance(request.data, list):
        raise ParseError("The body must be a JSON array.")
    return request.data


def read_body(serializer_class: Any, request: Any, *, partial: bool = False, **context: Any) -> Any:
    """Return a serializer that holds the JSON object which was sent.

    :param partial: whether required fields may be left out.
    :raises ValidationError: naming each field that is wrong.
    """
    context = {"request": request, **context}
    serializer = serializer_class(data=json_object(request), partial=partial, context=context)
    serializer.is_valid(raise_exception=True)
    return serializer
