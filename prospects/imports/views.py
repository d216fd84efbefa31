from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ParseError
from rest_framework.response import Response

from core.api.errors import Surface, envelope
from core.api.permissions import SIGNED_IN
from core.api.views import TenantAPIView, json_array
from core.errors import InvalidInput
from prospects.imports.batches import create_batch, process_batch
from prospects.imports.serializers import (
    BatchRowSerializer,
    CreatedSerializer,
    ProcessedSerializer,
    RefusedBatchSerializer,
)

MOST_ROWS = 1000


def batch_rows(request: Any) -> list[dict[str, Any]]:
    """Return the rows of the body.

    :raises ParseError: (422) it is not an array of objects.
    :raises InvalidInput: (400) it holds no row, or too many.
    """
    rows = json_array(request)
    if not all(isinstance(row, dict) for row in rows):
        raise ParseError("Each row must be a JSON object.")
    if not 1 <= len(rows) <= MOST_ROWS:
        raise InvalidInput(f"A batch has from 1 to {MOST_ROWS} rows.")
    return rows


class ProcessView(TenantAPIView):
    """What would become of a batch of rows. Nothing is written."""

    surface = Surface.CRM
    permission = SIGNED_IN

    @extend_schema(
        operation_id="prospects_process",
        request=BatchRowSerializer(many=True),
        responses=ProcessedSerializer,
    )
    def post(self, request: Any) -> Response:
        return Response(process_batch(rows=batch_rows(request), by=request.user))


class CreateView(TenantAPIView):
    """Creates the cards of a batch of rows that are valid and new."""

    surface = Surface.CRM
    permission = "prospects.add_prospect"
    takes_key = True

    @extend_schema(
        operation_id="prospects_create",
        request=BatchRowSerializer(many=True),
        responses={200: CreatedSerializer, 409: RefusedBatchSerializer},
    )
    def post(self, request: Any) -> Response:
        answer = create_batch(rows=batch_rows(request), by=request.user, at=timezone.now())
        if not answer["inserts"] and are_duplicates(answer["errors"]):
            message = "Every row is a duplicate; nothing was created."
            return Response({**envelope(self.surface, 409, message), **answer}, status=409)
        return Response(answer)


def are_duplicates(errors: list[dict[str, Any]]) -> bool:
    """Whether duplicates are all that is wrong."""
    return all(error["code"].startswith("DUPLICATE_") for error in errors)
