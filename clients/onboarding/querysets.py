from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import F, Min, OuterRef, Subquery, Value
from django.db.models.fields import DateTimeField

NOTED = (
    *("status", "completed_at", "account_verified_at", "fiscal_data_at", "store_connected_at"),
    *("origin_address_at", "training_at"),
)


def for_onboarding(companies: Any, *columns: str) -> Any:
    """Of companies, what tells how far they have come (steps.py reads it), and more columns."""
    never = Value(None, output_field=DateTimeField())
    return companies.values(
        *{"tax_id", *columns},
        account_verified=F("prospect__verified_at"),
        fiscal_data=never,
        first_recharge=F("first_recharge_at"),
        first_shipment=F("first_shipment_at"),
        store_connected=_earliest(_connected(), "company", "pk", "connected_at"),
        origin_address=_earliest(_locations(), "prospect", "prospect", "created_at"),
        training=never,
        **{name: F(f"onboarding__{name}") for name in NOTED},
    )


def _connected() -> Any:
    return apps.get_model("clients", "Integration").objects.filter(status="connected")


def _locations() -> Any:
    return apps.get_model("prospects", "Location").objects.all()


def _earliest(rows: Any, link: str, outer: str, moment: str) -> Subquery:
    mine = rows.filter(**{link: OuterRef(outer)}).order_by().values(link)
    return Subquery(mine.annotate(earliest=Min(moment)).values("earliest"))
