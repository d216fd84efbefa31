from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from core.api.viewsets import ReadMixin, ResourceViewSet, WriteMixin
from core.errors import InvalidInput, NotFound
from sales.documents.rows import add_items, document_rows

PDF = extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    """A PDF that the browser shows, and saves under this name."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer


class DocumentViewSet(ReadMixin, WriteMixin, ResourceViewSet):
    """The documents of a kind that the caller sees. Subclasses declare columns and services."""

    COLUMNS: ClassVar[Sequence[str]]
    list_serializer_class: ClassVar[Any]
    render: ClassVar[Any]  # a document → its PDF
    version_fields = ("updated_at",)
    request: Any

    def narrow(self, queryset: Any) -> Any:
        return queryset.visible_to(self.request.user)

    def shown(self, queryset: Any) -> Any:
        return document_rows(queryset, self.COLUMNS, self.today)

    @property
    def today(self) -> date:
        """The day that it is for the caller."""
        return timezone.localdate(timezone=self.request.user.tenant.zone)

    def get_serializer_class(self) -> Any:
        return self.list_serializer_class if self.action == "list" else self.read_serializer_class

    def get_serializer(self, rows: Any = None, **kwargs: Any) -> Any:
        shape = self.get_serializer_class()
        if rows is not None and "items" in shape._declared_fields:
            add_items(self.model, rows if kwargs.get("many") else [rows])
        return super().get_serializer(rows, **kwargs)

    def act(self, pk: int, service: Callable[..., Any], **values: Any) -> Response:
        """Do something to a document that the caller sees; answer what it is then.

        :param values: beside who and when.
        """
        service(by=self.request.user, at=timezone.now(), **values)
        return self.answer(self.model.objects, pk)

    def pdf_of(self, pk: int) -> HttpResponse:
        """A document that the caller sees as a PDF, to look at in the browser."""
        document = self.narrow(self.model.objects.select_related("contact__prospect__company"))
        found = document.filter(pk=pk).first()
        if found is None:
            raise NotFound("Not found.")
        return pdf_answer(type(self).render(found), found.number_text)

    def wants_to_cancel(self, pk: int, sent: Any) -> bool:
        """Whether a change asks for the document to be cancelled.

        :raises InvalidInput: it asks for another state: there are actions for those.
        """
        state = sent.validated_data.get("status")
        if state is None:
            return False
        current = self.model.objects.get(pk=pk).state_on(self.today)
        if state not in (current, "cancelled"):
            raise InvalidInput.of("status", f"It is {current}; only cancelled can be set here.")
        return bool(state != current)
