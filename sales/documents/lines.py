"""The items of a document: read, priced and stored together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from core.currencies import decimals_of
from core.errors import InvalidInput
from sales.documents.amounts import Totals, document_totals, line_totals
from sales.products.models import Product

Line = Mapping[str, Any]
MOST_ITEMS = 500
LARGEST_TOTAL = Decimal("999999999999.99")
WRITTEN = ("product_id", "description", "quantity", "unit_price", "discount_percent", "tax_rate")
FROM_PRODUCT = ("unit_price", "tax_rate")


def price_lines(document: Any, lines: Sequence[Line], *, known: Sequence[Line] = ()) -> list[Any]:
    """Return the items that lines make, priced, and set the sums of their document.

    A line of a product takes what it does not say itself from there.

    :param known: lines that were written before; of their products, deleted ones may stay.
    :raises InvalidInput: there are none or too many, a product does not exist or is sold in
        another currency, something is missing, or the total is too large.
    """
    if not 1 <= len(lines) <= MOST_ITEMS:
        raise InvalidInput.of("items", f"Between 1 and {MOST_ITEMS} items are needed.")
    filled = _with_products(lines, known, document.currency)
    model = document._meta.get_field("items").related_model
    items = [model(position=nth, **line) for nth, line in enumerate(filled, start=1)]
    reprice(document, items)
    return items


def reprice(document: Any, items: Sequence[Any]) -> None:
    """Set what items and their document come to, in memory.

    :raises InvalidInput: it is more than can be kept.
    """
    decimals = decimals_of(document.currency)
    totals = [_price(item, decimals) for item in items]
    document.subtotal, document.tax_total, document.total = document_totals(totals)
    if document.total > LARGEST_TOTAL:
        raise InvalidInput.of("items", f"They come to more than {LARGEST_TOTAL:,}.")
    for item, line in zip(items, totals, strict=True):
        item.net, item.tax, item.total = line


def store_items(document: Any, items: Sequence[Any], *, replace: bool = False) -> None:
    """Store the items of a stored document; `replace` what it had."""
    model = document._meta.get_field("items").related_model
    if replace:
        model.objects.filter(document=document).delete()
    for item in items:
        item.document = document
    model.objects.bulk_create(items)


def lines_of(document: Any) -> list[Line]:
    """Return the items of a document as lines, to make others of or to compare."""
    return list(document.items.order_by("position").values(*WRITTEN))


def is_same(known: Sequence[Line], items: Sequence[Any]) -> bool:
    """Whether items are what a document has already."""
    return list(known) == [{name: getattr(item, name) for name in WRITTEN} for item in items]


def _price(item: Any, decimals: int) -> Totals:
    return line_totals(
        quantity=item.quantity,
        unit_price=item.unit_price,
        discount_percent=item.discount_percent,
        tax_rate=item.tax_rate,
        decimals=decimals,
    )


def _with_products(
    lines: Sequence[Line], known: Sequence[Line], currency: str
) -> list[dict[str, Any]]:
    ids = {line["product_id"] for line in lines if line.get("product_id")}
    products = Product.objects.in_bulk(ids) if ids else {}
    gone = {line["product_id"] for line in known} - products.keys()
    return [_filled(nth, line, products, gone, currency) for nth, line in enumerate(lines)]


def _filled(
    nth: int,
    line: Line,
    products: Mapping[int, Product],
    gone: Collection[int | None],
    currency: str,
) -> dict[str, Any]:
    values = {name: line[name] for name in WRITTEN if line.get(name) not in (None, "")}
    if "product_id" in values and values["product_id"] not in gone:
        product = products.get(values["product_id"])
        if product is None:
            raise _wrong(nth, "product_id", f"There is no product {values['product_id']}.")
        if "unit_price" not in values and product.currency != currency:
            raise _wrong(nth, "unit_price", f"The product's price is in {product.currency}.")
        values = {
            "description": product.name,
            **{n: getattr(product, n) for n in FROM_PRODUCT},
            **values,
        }
    for name in ("description", "quantity", "unit_price"):
        if name not in values:
            raise _wrong(nth, name, "This field is required.")
    return values


def _wrong(nth: int, name: str, message: str) -> InvalidInput:
    return InvalidInput.of(f"items.{nth}.{name}", message)
