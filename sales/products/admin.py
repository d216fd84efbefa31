from __future__ import annotations

import base64
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
)

from core.back_office import BackOfficeAdmin
from core.back_office_money import AmountField, CurrencyForm
from core.back_office_pictures import PICTURE_FIELDS, PictureForm, shown_picture
from core.pictures import CONTENT_TYPE
from prospects.pipeline.searching import search_pattern
from sales.products.models import Product, ProductCategory, ProductImage
from sales.products.services import (
    create_product,
    delete_category,
    delete_product,
    edit_product,
    save_category,
    set_image,
)

COLUMNS = (
    *("name", "sku", "category", "description", "unit_price", "currency", "tax_rate", "is_active"),
)


class ProductForm(CurrencyForm, PictureForm):
    """A product, and a picture for it."""

    unit_price = AmountField(label=_("Unit price"))
    tax_rate = forms.DecimalField(
        label=_("Tax rate (%)"),
        min_value=Decimal(0),
        max_value=Decimal(100),
        decimal_places=2,
        initial=0,
        widget=UnfoldAdminDecimalFieldWidget,
    )

    class Meta:
        model = Product
        fields = COLUMNS


@admin.register(Product)
class ProductAdmin(BackOfficeAdmin):
    """What the tenant sells."""

    form = ProductForm
    list_display = ("name", "sku", "category", "price", "shown_tax", "is_active")
    list_filter = ("is_active", ("category", RelatedDropdownFilter), "currency")
    list_select_related = ("category",)
    ordering = ("name", "pk")
    search_fields = ("search_text",)
    search_help_text = _("Name, SKU or description")
    actions: Any = None
    readonly_fields = ("picture",)
    fields = (
        *("name", "sku", "category", "description", ("unit_price", "currency"), "tax_rate"),
        *("is_active", "picture", *PICTURE_FIELDS),
    )

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> Any:
        pattern = search_pattern(search_term)
        return (queryset.filter(search_text__like=pattern) if pattern else queryset), False

    def save_model(self, request: Any, obj: Product, form: Any, change: bool) -> None:
        sent = form.cleaned_data
        values = {name: sent[name] for name in COLUMNS if name in sent}
        if not values.get("currency"):
            values.pop("currency", None)
        if change:
            edit_product(product_id=obj.pk, values=values)
        else:
            obj.pk = create_product(values=values).pk
        form.change_picture(lambda content: set_image(product_id=obj.pk, content=content))

    def delete_model(self, request: Any, obj: Product) -> None:
        delete_product(product_id=obj.pk, at=timezone.now())

    @display(description=_("unit price"), ordering="unit_price")
    def price(self, product: Product) -> str:
        return f"{product.unit_price:,.2f} {product.currency}"

    @display(description=_("tax rate (%)"), ordering="tax_rate")
    def shown_tax(self, product: Product) -> str:
        return f"{product.tax_rate.normalize():f} %"

    @display(description=_("picture"))
    def picture(self, product: Product) -> Any:
        image = ProductImage.objects.filter(product=product.pk).first() if product.pk else None
        if image is None:
            return shown_picture(None)
        content = base64.b64encode(bytes(image.content)).decode()
        return shown_picture(f"data:{CONTENT_TYPE};base64,{content}")


@admin.register(ProductCategory)
class ProductCategoryAdmin(BackOfficeAdmin):
    """The shelves of products."""

    list_display = ("name", "position")
    list_editable = ("position",)
    ordering = ("position", "pk")
    search_fields = ("name",)
    fields = ("name", "position")
    actions: Any = None

    def save_model(self, request: Any, obj: ProductCategory, form: Any, change: bool) -> None:
        save_category(category=obj, values={})

    def delete_model(self, request: Any, obj: ProductCategory) -> None:
        delete_category(category_id=obj.pk)

    def get_deleted_objects(self, objs: Any, request: Any) -> Any:
        """The service says whether products stand in the way."""
        return [str(each) for each in objs], {}, set(), []
