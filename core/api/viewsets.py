"""The base of every resource of the sales API. Subclasses declare; they do not program."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar

from django.db import transaction
from rest_framework import mixins
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from core.api.errors import Surface
from core.api.openapi import ResourceSchema
from core.api.pagination import PagePagination
from core.api.selections import select_fields
from core.api.versions import asks_for_version, etag_of, refuse_outdated
from core.api.views import TenantViewMixin, json_object
from core.errors import NotFound


class ResourceViewSet(TenantViewMixin, GenericViewSet):
    """Scope, permission, order and shapes of a resource."""

    surface = Surface.SALES
    schema = ResourceSchema()
    pagination_class = PagePagination
    model: ClassVar[Any]
    read_serializer_class: ClassVar[Any]
    version_fields: ClassVar[tuple[str, ...]] = ()  # what `shown` has of when a row changed

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "get_queryset" in cls.__dict__:
            raise TypeError(f"{cls.__name__}: override narrow(queryset), not get_queryset().")

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):  # the schema is made for nobody
            return self.model.objects.none()
        return self.narrow(self.model.objects.order_by("-pk"))

    def narrow(self, queryset: Any) -> Any:
        """Add visibility or order. The tenant is already applied."""
        return queryset

    def shown(self, queryset: Any) -> Any:
        """Add the joins, or choose the columns (`values`), that read_serializer_class needs."""
        return queryset

    def subjects(self) -> tuple[str, ...]:
        is_whole = self.action == "list" or (self.action == "retrieve" and not self.version_fields)
        return super().subjects() if is_whole else ()

    def is_named(self) -> bool:
        return bool(self.subjects() or (self.action == "retrieve" and self.version_fields))

    def version_of(self, row: Any) -> str:
        """The ETag of a row that is shown."""
        get: Any = row.get if isinstance(row, dict) else partial(getattr, row)
        return etag_of(*[get(name) for name in self.version_fields])

    def hold(self, pk: int) -> None:
        """Lock a row until the transaction ends, with what its services lock before it."""
        list(self.model.objects.filter(pk=pk).select_for_update(of=("self",)).values_list("pk"))

    def get_serializer_class(self) -> Any:
        return self.read_serializer_class


class ReadMixin(mixins.ListModelMixin):
    """List and detail, the detail inside `data`."""

    def list(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """The page is found as ids first, by the index of its order, when `shown` adds joins."""
        view: Any = self
        found = view.filter_queryset(view.get_queryset())
        if type(view).shown is ResourceViewSet.shown:
            page = view.paginate_queryset(found)
        else:
            page = self._page_of(view.paginate_queryset(found.values_list("pk", flat=True)))
        shapes = view.get_serializer(page, many=True)
        select_fields(request, shapes.child)
        return view.get_paginated_response(shapes.data)

    def _page_of(self, ids: Sequence[int]) -> Sequence[Any]:
        view: Any = self
        rows = view.shown(view.model.objects.filter(pk__in=ids)) if ids else ()
        by_id = {row["id"] if isinstance(row, dict) else row.pk: row for row in rows}
        return [by_id[pk] for pk in ids if pk in by_id]

    def retrieve(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        view: Any = self
        return view.answer(view.get_queryset(), kwargs["pk"])

    def answer(self, rows: Any, pk: int, *, status: int = 200, **beside: Any) -> Response:
        """One row of these, whole, inside `data`.

        :param beside: keys of the answer beside `data`.
        :raises NotFound: it is not among them.
        """
        view: Any = self
        row = view.shown(rows.filter(pk=pk)).first()
        if row is None:
            raise NotFound("Not found.")
        response = Response({"data": view.get_serializer(row).data, **beside}, status=status)
        if view.version_fields:
            response["ETag"] = view.version_of(row)
        return response


class WriteMixin:
    """Create, change what was sent, delete. Leaves say how, by calling their services.

    Every write answers the whole row as it is afterwards, even if it has taken it from the caller.
    """

    write_serializer_class: ClassVar[Any]
    deleted_message: ClassVar[str] = "Deleted successfully."

    def add(self, sent: Any) -> int:
        """Create what was sent (a valid write serializer); return its id."""
        raise NotImplementedError

    def change(self, pk: int, sent: Any) -> None:
        """Change what was sent of a row that the caller sees."""
        raise NotImplementedError

    def remove(self, pk: int) -> None:
        """Delete a row that the caller sees."""
        raise NotImplementedError

    def create(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        view: Any = self
        pk = self.add(self.valid(request))
        return view.answer(view.model.objects, pk, status=201)

    def update(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        view: Any = self
        pk = self.seen(kwargs["pk"])
        with transaction.atomic():
            self.refuse_outdated(pk)
            self.change(pk, self.valid(request, partial=True, pk=pk))
        return view.answer(view.model.objects, pk)

    def destroy(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        pk = self.seen(kwargs["pk"])
        with transaction.atomic():
            self.refuse_outdated(pk)
            self.remove(pk)
        return Response({"message": self.deleted_message})

    def refuse_outdated(self, pk: int) -> None:
        """Hold a row to what the caller has seen of it, if they say so (If-Match).

        :raises Outdated: it has changed since.
        """
        view: Any = self
        if not (view.version_fields and asks_for_version(view.request)):
            return
        view.hold(pk)
        row = view.shown(view.model.objects.filter(pk=pk)).first()
        if row is None:
            raise NotFound("Not found.")
        refuse_outdated(view.request, view.version_of(row))

    def seen(self, pk: int) -> int:
        """Return the id of a row.

        :raises NotFound: there is none, or the caller may not see it.
        """
        view: Any = self
        if not view.get_queryset().filter(pk=pk).exists():
            raise NotFound("Not found.")
        return pk

    def valid(self, request: Any, *, partial: bool = False, **context: Any) -> Any:
        """Return a write serializer with what was sent, or raise what is wrong with it."""
        view: Any = self
        context = {**view.get_serializer_context(), **context}
        sent = self.write_serializer_class(
            data=json_object(request), partial=partial, context=context
        )
        sent.is_valid(raise_exception=True)
        return sent
