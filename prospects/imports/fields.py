"""What a row can say about a card: the field's name, the column it fills, how its value is read."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from core.amounts import parse_money
from core.emails import normalize_email
from core.moments import parse_date, parse_when
from core.search_text import search_needle
from core.values import InvalidValue, clean_text, parse_count
from prospects.imports.references import LISTS, References
from prospects.pipeline.models import AccountType, Prospect

_TYPES = {
    1: ("1", "prospect", "prospecto", "lead"),
    2: ("2", "client", "cliente", "customer"),
    3: ("3", "partner", "socio", "aliado"),
}
_TYPE_OF = {word: number for number, words in _TYPES.items() for word in words}


class Field(NamedTuple):
    """One field: `read` raises InvalidValue (or InvalidEmail), which is reported under `code`."""

    column: str
    read: Callable[[Any], Any]
    code: str = "INVALID_VALUE"


def wire_fields(references: References) -> dict[str, Field]:
    """The fields of the batch API but for the phone: `phone` and `code` are read together."""

    def listed(column: str, name: str) -> Field:
        return Field(column, partial(references.list_id, name))

    return {
        "email": Field("email", normalize_email, "INVALID_EMAIL"),
        **_plain_fields(),
        "locale": Field("locale_id", references.locale_id, "UNKNOWN_LOCALE"),
        "follow_up_id": Field("category_id", references.category_id, "UNKNOWN_CATEGORY"),
        "created_by": Field("owner_id", references.owner_id),
        "ecommerce_type_id": listed("ecommerce_type_id", "ecommerce_type"),
        "weight_id": listed("weight_range_id", "weight_range"),
        "content_id": listed("content_id", "content"),
        "plan_type_id": listed("plan_type_id", "plan_type"),
        "lead_status_id": listed("lead_status_id", "lead_status"),
        "campaign_id": listed("campaign_id", "campaign"),
    }


def file_fields(references: References) -> dict[str, Field]:
    """The fields of a file but for the phone: lists, categories and people by name."""
    when = partial(parse_when, tz=references.tenant.zone)
    return {
        "email": Field("email", normalize_email, "INVALID_EMAIL"),
        **_plain_fields(),
        "locale": Field("locale_id", references.locale, "UNKNOWN_LOCALE"),
        "category": Field("category_id", references.category, "UNKNOWN_CATEGORY"),
        "owner": Field("owner_id", references.owner),
        "created_at": Field("created_at", when),
        "category_changed_at": Field("category_changed_at", when),
        "commercial_offer_date": Field("commercial_offer_date", parse_date),
        **{name: Field(f"{name}_id", partial(references.list_name, name)) for name in LISTS},
    }


def _plain_fields() -> dict[str, Field]:
    return {
        "name": _text("name"),
        "company": _text("company_name"),
        "external_id": _text("external_id"),
        "type": Field("type", _parse_type),
        "channel": _text("channel"),
        "account_type": Field("account_type", _parse_account_type),
        "account_value": Field("account_value", parse_money),
        "monthly_shipments": Field("monthly_shipments", parse_count),
        "estimated_close_date": Field("estimated_close_date", parse_date),
        "annotations": _text("annotations"),
    }


def _text(column: str) -> Field:
    stored: Any = Prospect._meta.get_field(column)
    return Field(column, partial(clean_text, max_length=stored.max_length))


def _parse_type(value: object) -> int:
    number = _TYPE_OF.get(search_needle(str(value)[:20]))
    if number is None:
        raise InvalidValue("must be 1 (prospect), 2 (client) or 3 (partner)")
    return number


def _parse_account_type(value: object) -> str:
    name = clean_text(value, 60).lower()
    if name not in AccountType.values:
        raise InvalidValue(f"must be one of {', '.join(AccountType.values)}")
    return name
