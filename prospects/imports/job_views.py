"""Files of prospects over the API: uploaded, planned, looked at, applied, undone."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from core.api.errors import Surface
from core.api.views import TenantAPIView
from core.errors import InvalidInput, NotFound
from prospects.board.parameters import whole_number
from prospects.imports.job_shapes import SPARED, job_shape, number_of_rows, row_shapes, rows_of
from prospects.imports.models import ImportJob, ImportRow
from prospects.imports.rejected import rejected_file
from prospects.imports.serializers import (
    ImportRowsSerializer,
    ImportSerializer,
    ImportsSerializer,
    UploadSerializer,
)
from prospects.imports.services import queue_import, queue_undo
from prospects.imports.uploads import discard_upload, queue_plan, receive_upload

ADD, CHANGE, VIEW = (f"prospects.{verb}_importjob" for verb in ("add", "change", "view"))
LONGEST_PAGE = 100
PAGE = [OpenApiParameter("start", int), OpenApiParameter("length", int)]


class ImportView(TenantAPIView):
    """What is done with one import. Others' are seen by whoever sees every card."""

    surface = Surface.CRM
    permission: ClassVar[Any] = VIEW

    def job(self, request: Any, pk: int) -> ImportJob:
        """Return the import.

        :raises NotFound: there is none, or the caller may not see it.
        """
        job = ImportJob.objects.visible_to(request.user).filter(pk=pk).first()
        if job is None:
            raise NotFound("There is no such import.")
        return job


class ImportsView(ImportView):
    """The imports, and a new one."""

    permission: ClassVar[Any] = {"get": VIEW, "post": ADD}
    parser_classes = [MultiPartParser]
    answers_too: ClassVar[Any] = {"post": (415,)}

    @extend_schema(
        operation_id="prospects_imports_list", parameters=PAGE, responses=ImportsSerializer
    )
    def get(self, request: Any) -> Response:
        jobs = ImportJob.objects.visible_to(request.user).order_by("-created_at", "-pk")
        found = jobs[page_of(request)]
        return Response({"recordsTotal": jobs.count(), "data": [job_shape(job) for job in found]})

    @extend_schema(
        operation_id="prospects_imports_create",
        request={"multipart/form-data": UploadSerializer},
        responses=ImportSerializer,
    )
    def post(self, request: Any) -> Response:
        form = UploadSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        given = form.validated_data
        mapping, constants = (read_texts(given, name) for name in ("mapping", "constants"))
        job = receive_upload(
            file=given["file"],
            file_name=given["file"].name,
            is_update=given["update"],
            creates_users=given["create_users"],
            by=request.user,
            at=timezone.now(),
        )
        try:
            return Response(
                job_shape(queue_plan(job_id=job.pk, mapping=mapping, constants=constants))
            )
        except InvalidInput:
            discard_upload(job)
            raise


class OneImportView(ImportView):
    """One import: how far it is, what its rows would do or have done."""

    @extend_schema(operation_id="prospects_imports_retrieve", responses=ImportSerializer)
    def get(self, request: Any, pk: int) -> Response:
        return Response(job_shape(self.job(request, pk)))


class RowsView(ImportView):
    """The rows of an import with their verdicts."""

    @extend_schema(
        operation_id="prospects_imports_rows",
        parameters=[
            OpenApiParameter("verdict", str, enum=[*ImportRow.Verdict.values, SPARED]),
            *PAGE,
        ],
        responses=ImportRowsSerializer,
    )
    def get(self, request: Any, pk: int) -> Response:
        job = self.job(request, pk)
        verdict = request.query_params.get("verdict", "")
        found = rows_of(job, verdict).order_by("line")[page_of(request)]
        filtered, data = number_of_rows(job, verdict), row_shapes(list(found), job)
        return Response({"recordsTotal": job.rows_read, "recordsFiltered": filtered, "data": data})


class RejectedView(ImportView):
    """The refused rows as a file to correct and import again."""

    @extend_schema(
        operation_id="prospects_imports_rejected", responses={(200, "text/csv"): OpenApiTypes.STR}
    )
    def get(self, request: Any, pk: int) -> HttpResponse:
        return rejected_file(self.job(request, pk))


class ApplyView(ImportView):
    """Writes what an import plans."""

    permission = CHANGE

    @extend_schema(operation_id="prospects_imports_apply", request=None, responses=ImportSerializer)
    def post(self, request: Any, pk: int) -> Response:
        job = self.job(request, pk)
        return Response(job_shape(queue_import(job_id=job.pk, by=request.user)))


class UndoView(ImportView):
    """Takes back what an import has written."""

    permission = CHANGE

    @extend_schema(operation_id="prospects_imports_undo", request=None, responses=ImportSerializer)
    def post(self, request: Any, pk: int) -> Response:
        return Response(job_shape(queue_undo(self.job(request, pk).pk)))


def page_of(request: Any) -> slice:
    """Read `start` and `length` (25, at most 100).

    :raises InvalidInput: one of them is no number.
    """
    start = whole_number("start", request.query_params.get("start", "0"))
    length = whole_number("length", request.query_params.get("length", "25"), least=1)
    return slice(start, start + min(length, LONGEST_PAGE))


def read_texts(given: dict[str, Any], name: str) -> dict[str, str]:
    """Read a form field that holds a JSON object of texts; {} when it is not there.

    :raises InvalidInput: it holds anything else.
    """
    try:
        value = json.loads(given.get(name) or "{}")
    except ValueError:
        value = None
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise InvalidInput.of(name, 'Must be a JSON object of texts: {"column": "field"}.')
    return value
