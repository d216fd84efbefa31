from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from core.currencies import parse_currency
from core.errors import InvalidInput
from core.values import InvalidValue
from prospects.catalogs.models import (
    AcquisitionCampaign,
    CatalogEntry,
    Content,
    EcommerceType,
    LeadStatus,
    Locale,
    OnboardingStatus,
    PartnerOrigin,
    PartnerType,
    PlanType,
    Service,
    WeightRange,
)

# The lists in the words of the wire, and what a new tenant starts with.
CATALOGS: dict[str, type[CatalogEntry]] = {
    "ecommerce_types": EcommerceType,
    "weight_ranges": WeightRange,
    "contents": Content,
    "plan_types": PlanType,
    "partner_types": PartnerType,
    "partner_origins": PartnerOrigin,
    "lead_statuses": LeadStatus,
    "campaigns": AcquisitionCampaign,
    "services": Service,
    "onboarding_statuses": OnboardingStatus,
}
DEFAULTS: dict[type[CatalogEntry], str] = {
    EcommerceType: "Shopify,WooCommerce,Tiendanube,Mercado Libre,Amazon,Magento,VTEX,Own store",
    WeightRange: "0-1 kg,1-5 kg,5-10 kg,10-30 kg,30-70 kg,70+ kg",
    Content: ",".join(
        f"packageContent.{tag}"
        for tag in [
            "electronics",
            "clothing",
            "cosmetics",
            "food",
            "books",
            "home",
            "toys",
            "autoparts",
            "pharmacy",
            "documents",
            "other",
        ]
    ),
    PlanType: "basic,growth,enterprise",
    PartnerType: "agency,developer,marketplace,affiliate,technology",
    PartnerOrigin: "event,referral,website,outbound",
    LeadStatus: "new,attempted,connected,qualified,unqualified",
    Service: "parcel,ltl,fulfillment,wms,international,insurance",
    OnboardingStatus: "not_started,in_progress,completed",
}


def create_default_catalogs(*, tenant_id: int) -> None:
    """Give a new tenant the lists that its drop-downs start with."""
    for model, names in DEFAULTS.items():
        model.objects.bulk_create(
            model(tenant_id=tenant_id, name=name, position=position)
            for position, name in enumerate(names.split(","))
        )


def list_catalogs() -> dict[str, list[dict[str, Any]]]:
    """Return every active list of the tenant acted for, by its name on the wire."""
    lists: dict[str, list[dict[str, Any]]] = {
        key: list(
            model.objects.filter(is_active=True)
            .order_by("position", "id")
            .values("id", "name", "position")
        )
        for key, model in CATALOGS.items()
    }
    columns = ("id", "name", "country_code", "phone_code", "currency", "rate")
    lists["locales"] = [dict(row) for row in Locale.objects.order_by("id").values(*columns)]
    return lists


def set_rate(*, currency: str, rate: str) -> int:
    """Set what one USD costs in a currency, for every country that uses it. Returns how many.

    :raises InvalidInput: it is no currency, none that a country here uses, or no sensible rate.
    """
    try:
        code = parse_currency(currency)
    except InvalidValue as error:
        raise InvalidInput.of("currency", f"It {error}.") from error
    value = _rate(rate)
    if code == "USD" and value != 1:
        raise InvalidInput.of("rate", "A dollar costs a dollar.")
    count = Locale.objects.filter(currency=code).update(rate=value)
    if not count:
        raise InvalidInput.of("currency", "No country here uses it.")
    return int(count)


def _rate(text: str) -> Decimal:
    try:
        value = Decimal(text.strip())
        is_sensible = value.is_finite() and Decimal("0.000001") <= value < 10**8
    except InvalidOperation:
        is_sensible = False
    if not is_sensible:
        raise InvalidInput.of("rate", "It must be a number above zero, such as 18.25.")
    return value.quantize(Decimal("0.000001"))
