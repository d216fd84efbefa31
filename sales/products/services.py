from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from accounts.tenants.currency import own_currency
from core.errors import DomainError, InvalidInput, NotFound
from core.models import tenant_of_written_row
from core.pictures import read_picture
from core.search_text import search_text
from core.values import InvalidValue
from sales.products.models import Product, ProductCategory, ProductImage

Values = Mapping[str, Any]


class CategoryInUse(DomainError):
    """Products stand in this category."""

    code = "in_use"


@transaction.atomic
def create_product(*, values: Values) -> Product:
    """Put something on sale; without a currency its price is in the tenant's.

    :param values: columns, checked by whoever read them (a form, a serializer).
    :raises InvalidInput: another product has its SKU.
    """
    product = Product(**{"currency": values.get("currency") or own_currency()} | dict(values))
    _save(product)
    return product


@transaction.atomic
def edit_product(*, product_id: int, values: Values) -> Product:
    """Change columns of a product. What is not named stays.

    :raises NotFound: there is no such product.
    :raises InvalidInput: another product has its SKU.
    """
    product = _lock(product_id)
    for name, value in values.items():
        setattr(product, name, value)
    _save(product)
    return product


@transaction.atomic
def delete_product(*, product_id: int, at: datetime) -> None:
    """Take a product out of every list; its SKU is free again.

    :raises NotFound: there is no such product.
    """
    product = _lock(product_id)
    product.deleted_at = at
    product.save(update_fields=["deleted_at"])


@transaction.atomic
def set_image(*, product_id: int, content: bytes | None) -> None:
    """Give a product a picture; None takes it away.

    :raises NotFound: there is no such product.
    :raises InvalidInput: it is no picture, or too large.
    """
    product = _lock(product_id)
    if content is None:
        ProductImage.objects.filter(product=product).delete()
        return
    try:
        picture = read_picture(content)
    except InvalidValue as error:
        raise InvalidInput.of("image", f"It {error}.") from error
    ProductImage.objects.update_or_create(product=product, defaults={"content": picture})


def save_category(*, category: ProductCategory, values: Values) -> ProductCategory:
    """Create a category, or change columns of one.

    :raises ValidationError: another one has its name.
    """
    for name, value in values.items():
        setattr(category, name, value)
    category.tenant_id = tenant_of_written_row(category.tenant_id)
    category.validate_constraints()
    category.save()
    return category


@transaction.atomic
def delete_category(*, category_id: int) -> None:
    """Remove a category that no product stands in. Deleted products forget theirs.

    :raises NotFound: there is no such category.
    :raises CategoryInUse: products do.
    """
    category = ProductCategory.objects.select_for_update().filter(pk=category_id).first()
    if category is None:
        raise NotFound("There is no such category.")
    if Product.objects.filter(category=category).exists():
        raise CategoryInUse("Products stand in this category: move them first.")
    category.delete()


def _lock(product_id: int) -> Product:
    product: Product | None = Product.objects.select_for_update().filter(pk=product_id).first()
    if product is None:
        raise NotFound("There is no such product.")
    return product


def _save(product: Product) -> None:
    product.search_text = " " + search_text(product.name, product.sku, product.description)
    try:
        with transaction.atomic():
            product.save()
    except IntegrityError as error:
        if "sales_product_sku_unique" not in str(error):
            raise
        raise InvalidInput.of("sku", "Another product has this SKU.") from error
