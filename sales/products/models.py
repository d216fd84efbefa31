from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core.fields import TenantForeignKey, TenantOneToOneField, tenant_key
from core.models import SoftDeletedModel, TenantModel
from sales.products.querysets import AllProductsManager, ProductManager

LIVE = Q(deleted_at__isnull=True)


class ProductCategory(TenantModel):  # type: ignore[django-manager-missing]
    """A shelf of what the tenant sells."""

    name = models.CharField(_("name"), max_length=120)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta(TenantModel.Meta):
        verbose_name = _("product category")
        verbose_name_plural = _("product categories")
        constraints = [
            tenant_key("sales_productcategory"),
            models.UniqueConstraint(
                "tenant",
                Lower("name"),
                name="sales_productcategory_name_unique",
                violation_error_message=_("Another category has this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Product(SoftDeletedModel):  # type: ignore[django-manager-missing]
    """A product or service that the tenant sells, with its list price before tax."""

    category = TenantForeignKey(
        ProductCategory,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="products",
        db_index=False,
        verbose_name=_("category"),
    )
    name = models.CharField(_("name"), max_length=255)
    sku = models.CharField(_("SKU"), max_length=100, blank=True)
    description = models.TextField(_("description"), max_length=5000, blank=True)
    unit_price = models.DecimalField(_("unit price"), max_digits=14, decimal_places=2)
    tax_rate = models.DecimalField(
        _("tax rate (%)"), max_digits=5, decimal_places=2, default=Decimal(0)
    )
    currency = models.CharField(_("currency"), max_length=3)
    is_active = models.BooleanField(_("active"), default=True)
    search_text = models.TextField(editable=False)  # kept by services.py

    objects: ClassVar[Any] = ProductManager()
    all_objects: ClassVar[Any] = AllProductsManager()

    class Meta(SoftDeletedModel.Meta):
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [
            tenant_key("sales_product"),
            models.UniqueConstraint(
                fields=["tenant", "sku"],
                condition=LIVE & Q(sku__gt=""),
                name="sales_product_sku_unique",
                violation_error_message=_("Another product has this SKU."),
            ),
            models.CheckConstraint(
                condition=Q(unit_price__gte=0), name="sales_product_price_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(tax_rate__gte=0, tax_rate__lte=100),
                name="sales_product_tax_rate_in_range",
            ),
        ]
        indexes = [
            models.Index(F("tenant"), F("id").desc(), condition=LIVE, name="sales_product_newest"),
            models.Index(fields=["category"], name="sales_product_category"),
            models.Index(
                fields=["tenant", "updated_at"], condition=LIVE, name="sales_product_changed"
            ),
            GinIndex(
                fields=["search_text"],
                opclasses=["gin_trgm_ops"],
                condition=LIVE,
                name="sales_product_search",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProductImage(TenantModel):
    """The picture of a product, as core.pictures makes it; in a table of its own, for lists read
    products and no pictures.
    """

    product = TenantOneToOneField(Product, on_delete=models.CASCADE, related_name="image")
    content = models.BinaryField()

    class Meta(TenantModel.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    def __str__(self) -> str:
        return str(self.product)
