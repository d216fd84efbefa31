from __future__ import annotations

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from core.api.openapi import in_data
from core.api.viewsets import ReadMixin, ResourceViewSet, WriteMixin
from core.errors import NotFound
from sales.forms.filters import SubmissionFilter, WebFormFilter
from sales.forms.models import FormSubmission, WebForm
from sales.forms.serializers import (
    FormSubmissionSerializer,
    WebFormSerializer,
    WebFormWriteSerializer,
)
from sales.forms.services import create_form, delete_form, edit_form, renew_key


class WebFormViewSet(ReadMixin, WriteMixin, ResourceViewSet):
    """The forms on the tenant's web pages."""

    model = WebForm
    permission: ClassVar[Any] = {
        "list": "sales.view_webform",
        "retrieve": "sales.view_webform",
        "create": "sales.add_webform",
        "update": "sales.change_webform",
        "destroy": "sales.delete_webform",
        "rotate_key": "sales.change_webform",
    }
    read_serializer_class = WebFormSerializer
    write_serializer_class = WebFormWriteSerializer
    filterset_class = WebFormFilter
    version_fields = ("updated_at",)

    def shown(self, queryset: Any) -> Any:
        return queryset.prefetch_related("members", "fields")

    def add(self, sent: Any) -> int:
        user: Any = self.request.user
        return create_form(**sent.parts(), by=user).pk

    def change(self, pk: int, sent: Any) -> None:
        edit_form(form_id=pk, **sent.parts())

    def remove(self, pk: int) -> None:
        delete_form(form_id=pk, at=timezone.now())

    @extend_schema(request=None, responses=in_data(WebFormSerializer))
    @action(detail=True, methods=["post"])
    def rotate_key(self, request: Any, pk: int) -> Response:
        """A new public key; the one before stops working."""
        renew_key(form_id=self.seen(pk))
        return self.answer(WebForm.objects, pk)


class FormSubmissionViewSet(ReadMixin, ResourceViewSet):
    """What visitors sent by a form, the newest first: to those it was assigned to, and to whoever
    sees the contact."""

    model = FormSubmission
    permission: ClassVar[Any] = {"list": "sales.view_formsubmission"}
    read_serializer_class = FormSubmissionSerializer
    filterset_class = SubmissionFilter

    def narrow(self, queryset: Any) -> Any:
        form_id = self.kwargs["form_id"]
        if not WebForm.objects.filter(pk=form_id).exists():
            raise NotFound("There is no such form.")
        return queryset.visible_to(self.request.user).filter(form=form_id)

    def shown(self, queryset: Any) -> Any:
        return queryset.select_related("contact", "assigned_to")
