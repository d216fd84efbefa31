from __future__ import annotations

from dataclasses import asdict
from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from core.api.errors import Surface
from core.api.permissions import ANYONE
from core.api.throttling import hit
from core.api.views import TenantAPIView
from core.errors import InvalidInput
from core.network import client_address
from sales.postal_codes.reading import CODE
from sales.postal_codes.serializers import PlaceSerializer
from sales.postal_codes.services import find_place

LOOK_UPS_PER_MINUTE = 120  # from one address: an address is typed in one
KEPT = 24 * 3600  # seconds; a browser need not ask again today


class PostalCodeView(TenantAPIView):
    """Municipality, city, state and colonias of a Mexican postal code: for everybody."""

    surface = Surface.SALES
    permission = ANYONE
    authentication_classes: Any = []  # a token is not even looked at
    answers_too: ClassVar[Any] = (429,)

    @extend_schema(
        parameters=[OpenApiParameter("cp", str, OpenApiParameter.PATH, pattern="^[0-9]{5}$")],
        responses=PlaceSerializer,
        auth=[],
    )
    def get(self, request: Any, cp: str) -> Response:
        hit("postal-code", client_address(request), limit=LOOK_UPS_PER_MINUTE)
        if not CODE.fullmatch(cp):
            raise InvalidInput.of("cp", "A postal code has five digits.")
        answer = Response(asdict(find_place(cp)))
        answer["Cache-Control"] = f"public, max-age={KEPT}"
        return answer
