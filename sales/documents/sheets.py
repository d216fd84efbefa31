"""What a printed document says, before anybody thinks of fonts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.pictures.models import Picture
from accounts.tenants.models import Tenant
from core.currencies import decimals_of
from core.tenancy import current_tenant

Pair = tuple[str, str]
LETTER_COUNTRIES = ("MX", "US", "CA", "CO")


@dataclass(frozen=True)
class Sheet:
    """A document as it is printed; all its texts are in the tenant's language, as people typed
    them: nothing in them is markup."""

    kind: str
    number: str
    sender: Sequence[str]
    receiver: Sequence[str]
    facts: Sequence[Pair]
    title: str = ""
    head: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    sums: Sequence[Pair] = ()
    blocks: Sequence[Pair] = ()
    signature: Sequence[Pair] = ()
    is_letter: bool = False
    logo: bytes = field(default=b"", repr=False)


def own_tenant() -> Tenant:
    """Return the tenant acted for."""
    return Tenant.objects.get(pk=current_tenant() or 0)


def letterhead(tenant: Tenant) -> dict[str, Any]:
    """Return who sends a sheet, and on which paper: Letter in North America, A4 elsewhere."""
    logo = Picture.objects.filter(pk=tenant.logo_id).values_list("content", flat=True).first()
    lines = [tenant.name, tenant.tax_id, *tenant.address.splitlines()]
    return {
        "sender": [line.strip() for line in lines if line.strip()],
        "is_letter": tenant.country_code in LETTER_COUNTRIES,
        "logo": bytes(logo or b""),
    }


def receiver_of(document: Any) -> list[str]:
    """Return to whom a document is addressed, line by line."""
    contact = document.contact
    card = contact.prospect
    company = getattr(card, "company", None)
    lines = [
        card.company_name if card else "",
        contact.name,
        company.tax_id if company else "",
        contact.email,
        *document.billing_address.splitlines(),
    ]
    return list(dict.fromkeys(line.strip() for line in lines if line.strip()))


def amount_text(amount: Decimal, currency: str) -> str:
    """An amount as it is printed: 1,234.50; 1,235 in a currency without cents."""
    return f"{amount:,.{decimals_of(currency)}f}"


def number_text(number: Decimal) -> str:
    """A quantity or rate without the zeros behind it."""
    return f"{number.normalize():,f}"


def day_text(day: date | None) -> str:
    """A day in words; "" for none."""
    return date_format(day, "DATE_FORMAT") if day else ""


def present(pairs: Iterable[Pair]) -> list[Pair]:
    """Leave out what has nothing to say."""
    return [(label, value) for label, value in pairs if value]


def priced_parts(document: Any) -> dict[str, Any]:
    """Return the rows and sums of a document with items."""
    currency = document.currency
    items = list(document.items.order_by("position"))
    has_discount = any(item.discount_percent for item in items)
    head = [_("Description"), _("Quantity"), _("Unit price"), _("Discount"), _("Tax"), _("Amount")]
    rows = [
        [
            item.description,
            number_text(item.quantity),
            f"{item.unit_price:,.2f}",
            f"{number_text(item.discount_percent)} %",
            f"{number_text(item.tax_rate)} %",
            amount_text(item.net, currency),
        ]
        for item in items
    ]
    if not has_discount:
        head = head[:3] + head[4:]
        rows = [row[:3] + row[4:] for row in rows]
    sums = [
        (_("Subtotal"), amount_text(document.subtotal, currency)),
        *_taxes(items, currency),
        (f"{_('Total')} {currency}", amount_text(document.total, currency)),
    ]
    return {"head": head, "rows": rows, "sums": sums}


def _taxes(items: Iterable[Any], currency: str) -> list[Pair]:
    by_rate: dict[Decimal, Decimal] = {}
    for item in items:
        by_rate[item.tax_rate] = by_rate.get(item.tax_rate, Decimal(0)) + item.tax
    return [
        (f"{_('Tax')} {number_text(rate)} %", amount_text(tax, currency))
        for rate, tax in sorted(by_rate.items())
        if rate
    ]
