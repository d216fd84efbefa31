from __future__ import annotations

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api.fields import AmountField, CurrencyField, LineField, RowIdField
from sales.products.models import Product, ProductCategory


class SalesProductSerializer(serializers.ModelSerializer):
    """A product."""

    category_name = serializers.CharField(source="category.name", default=None, allow_null=True)
    unit_price = serializers.DecimalField(14, 2)
    tax_rate = serializers.DecimalField(5, 2)
    image_url = serializers.SerializerMethodField()

    class Meta:
        model = Product
        fields = [
            *("id", "name", "sku", "description", "unit_price", "tax_rate", "currency"),
            *("is_active", "category_id", "category_name", "image_url"),
            *("created_at", "updated_at"),
        ]

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_image_url(self, product: Any) -> str | None:
        if not product.has_image:
            return None
        path = f"/api/v1/products/{product.pk}/image"
        return str(self.context["request"].build_absolute_uri(path))


class ProductWriteSerializer(serializers.Serializer):
    """A product as it is sent; for a change, what is sent counts."""

    name = LineField(max_length=255)
    unit_price = AmountField()
    sku = LineField(max_length=100, required=False, allow_null=True)
    description = LineField(max_length=5000, required=False, allow_null=True)
    tax_rate = AmountField(required=False)
    currency = CurrencyField(required=False)
    is_active = serializers.BooleanField(required=False)
    category_id = RowIdField(
        queryset=ProductCategory.objects.all(), required=False, allow_null=True
    )

    def validate_name(self, name: str) -> str:
        if not name:
            raise serializers.ValidationError("This field is needed.")
        return name

    def validate_tax_rate(self, rate: Decimal) -> Decimal:
        if rate > 100:
            raise serializers.ValidationError("Must be from 0 to 100.")
        return rate

    def columns(self) -> dict[str, Any]:
        """Return what was sent as columns of the product."""
        texts = ("sku", "description")
        sent = self.validated_data.items()
        return {name: "" if value is None and name in texts else value for name, value in sent}


class ProductCategorySerializer(serializers.ModelSerializer):
    """A category of products."""

    class Meta:
        model = ProductCategory
        fields = ["id", "name", "position"]


class ProductCategoryWriteSerializer(serializers.Serializer):
    """A category of products as it is sent."""

    name = serializers.CharField(max_length=120)
    position = serializers.IntegerField(min_value=0, max_value=10_000, required=False)
