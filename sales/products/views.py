from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from core.api.errors import Surface
from core.api.openapi import in_data
from core.api.pictures import PictureParser
from core.api.serializers import MessageSerializer
from core.api.views import TenantAPIView
from core.api.viewsets import ReadMixin, ResourceViewSet, WriteMixin
from core.errors import NotFound
from core.pictures import CONTENT_TYPE
from sales.products.filters import ProductFilter
from sales.products.models import Product, ProductCategory, ProductImage
from sales.products.serializers import (
    ProductCategorySerializer,
    ProductCategoryWriteSerializer,
    ProductWriteSerializer,
    SalesProductSerializer,
)
from sales.products.services import (
    create_product,
    delete_category,
    delete_product,
    edit_product,
    save_category,
    set_image,
)


def for_reading(products: Any) -> Any:
    """With their category, and whether they have a picture."""
    pictures = ProductImage.objects.filter(product=OuterRef("pk"))
    return products.select_related("category").annotate(has_image=Exists(pictures))


class ProductViewSet(ReadMixin, WriteMixin, ResourceViewSet):
    """What the tenant sells."""

    model = Product
    permission: ClassVar[Any] = {
        "list": "sales.view_product",
        "retrieve": "sales.view_product",
        "create": "sales.add_product",
        "update": "sales.change_product",
        "destroy": "sales.delete_product",
    }
    read_serializer_class = SalesProductSerializer
    write_serializer_class = ProductWriteSerializer
    filterset_class = ProductFilter

    def shown(self, queryset: Any) -> Any:
        return for_reading(queryset)

    def add(self, sent: Any) -> int:
        return create_product(values=sent.columns()).pk

    def change(self, pk: int, sent: Any) -> None:
        edit_product(product_id=pk, values=sent.columns())

    def remove(self, pk: int) -> None:
        delete_product(product_id=pk, at=timezone.now())


class ProductImageView(TenantAPIView):
    """The picture of a product: PNG, JPEG, WebP or GIF in, WebP out."""

    surface = Surface.SALES
    permission: ClassVar[Any] = {
        "get": "sales.view_product",
        "put": "sales.change_product",
        "delete": "sales.change_product",
    }
    parser_classes: Any = [PictureParser]

    @extend_schema(responses={(200, CONTENT_TYPE): OpenApiTypes.BINARY})
    def get(self, request: Any, pk: int) -> HttpResponse:
        image = ProductImage.objects.filter(product=pk, product__deleted_at=None).first()
        if image is None:
            raise NotFound("This product has no picture.")
        answer = HttpResponse(bytes(image.content), content_type=CONTENT_TYPE)
        answer["Cache-Control"] = "private, max-age=300"
        return answer

    @extend_schema(
        request={"image/*": OpenApiTypes.BINARY}, responses=in_data(SalesProductSerializer)
    )
    def put(self, request: Any, pk: int) -> Response:
        set_image(product_id=pk, content=request.data or b"")  # an empty body is no bytes to DRF
        product = for_reading(Product.objects.filter(pk=pk)).get()
        return Response(
            {"data": SalesProductSerializer(product, context={"request": request}).data}
        )

    @extend_schema(responses=MessageSerializer)
    def delete(self, request: Any, pk: int) -> Response:
        set_image(product_id=pk, content=None)
        return Response({"message": "Deleted successfully."})


class ProductCategoryViewSet(ReadMixin, WriteMixin, ResourceViewSet):
    """The categories of products, in their order."""

    model = ProductCategory
    permission: ClassVar[Any] = {
        "list": "sales.view_productcategory",
        "create": "sales.add_productcategory",
        "update": "sales.change_productcategory",
        "destroy": "sales.delete_productcategory",
    }
    read_serializer_class = ProductCategorySerializer
    write_serializer_class = ProductCategoryWriteSerializer

    def narrow(self, queryset: Any) -> Any:
        return queryset.order_by("position", "pk")

    def add(self, sent: Any) -> int:
        return save_category(category=ProductCategory(), values=sent.validated_data).pk

    def change(self, pk: int, sent: Any) -> None:
        known = ProductCategory.objects.get(pk=pk)
        save_category(category=known, values=sent.validated_data)

    def remove(self, pk: int) -> None:
        delete_category(category_id=pk)
