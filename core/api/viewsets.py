"""The base of every resource of the sales API. Subclasses declare; they do not program."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import mixins
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from core.api.errors import Surface
from core.api.pagination import PagePagination
from core.api.views import TenantViewMixin


class ResourceViewSet(TenantViewMixin, GenericViewSet):
    """Scope, permission, order and shapes of a resource."""

    surface = Surface.SALES
    pagination_class = PagePagination
    model: ClassVar[Any]
    read_serializer_class: ClassVar[Any]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "get_queryset" in cls.__dict__:
            raise TypeError(f"{cls.__name__}: override narrow(queryset), not get_queryset().")

    def get_queryset(self) -> Any:
        return self.narrow(self.model.objects.order_by("-pk"))

    def narrow(self, queryset: Any) -> Any:
        """Add joins, visibility or order. The tenant is already applied."""
        return queryset

    def get_serializer_class(self) -> Any:
        return self.read_serializer_class


class ReadMixin(mixins.ListModelMixin):
    """List and detail, the detail inside `data`."""

    def retrieve(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        row = self.get_object()  # type: ignore[attr-defined]
        return Response({"data": self.get_serializer(row).data})  # type: ignore[attr-defined]
