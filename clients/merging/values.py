"""Whose value survives: what a card takes over from another one, field by field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from prospects.pipeline.bulk import Values
from prospects.pipeline.models import Prospect

FROM, SURVIVOR = "from", "survivor"  # whose value it is to be
PERSON = ("name", "email", "phone_code", "phone")
# What can be chosen, as the API calls it, and the columns behind.
FIELDS: dict[str, tuple[str, ...]] = {
    **{name: (name,) for name in ("company_name", "name", "email")},
    "phone": ("phone_code", "phone"),
    "external_id": ("external_id",),
    "type": ("type",),
    "created_by": ("owner_id",),
    "follow_up_id": ("category_id",),
    "locale_id": ("locale_id",),
    "channel": ("channel",),
    "account_type": ("account_type",),
    "account_value": ("account_value",),
    "monthly_shipments": ("monthly_shipments",),
    "estimated_close_date": ("estimated_close_date",),
    "commercial_offer_date": ("commercial_offer_date",),
    "annotations": ("annotations",),
    "ecommerce_type_id": ("ecommerce_type_id",),
    "weight_id": ("weight_range_id",),
    "content_id": ("content_id",),
    "plan_type_id": ("plan_type_id",),
    "lead_status_id": ("lead_status_id",),
    "campaign_id": ("campaign_id",),
    "onboarding_status_id": ("onboarding_status_id",),
    "verified": ("verified_at",),
}
DATES: dict[str, Callable[[Iterable[Any]], Any]] = {
    "first_contact_at": min,
    "last_contact_at": max,
}
# All that a merge reads of a card.
COLUMNS = (
    *(column for columns in FIELDS.values() for column in columns),
    *DATES,
    "next_contact_at",
    "category_changed_at",
)


def taken_over(source: Prospect, target: Prospect, chosen: Mapping[str, str]) -> Values:
    """Return what changes on the card that stays.

    An empty value survives no other: what the card lacks is filled, whatever was chosen.

    :param chosen: whose value survives, FROM or SURVIVOR, by name of FIELDS; else the survivor's.
    """
    changes: Values = {}
    for name, columns in FIELDS.items():
        theirs = {column: getattr(source, column) for column in columns}
        ours = {column: getattr(target, column) for column in columns}
        if not _is_empty(theirs) and (_is_empty(ours) or chosen.get(name) == FROM):
            changes |= {column: value for column, value in theirs.items() if value != ours[column]}
    return {**changes, **_dates(source, target)}


def person_of(card: Prospect, changes: Mapping[str, Any] | None = None) -> Values:
    """Name, email and phone of a card, after these changes."""
    return {name: (changes or {}).get(name, getattr(card, name)) for name in PERSON}


def is_in(person: Values, other: Values) -> bool:
    """Whether all that is known of a person is known of the other."""
    return all(other[name] == value for name, value in person.items() if value)


def _dates(source: Prospect, target: Prospect) -> Values:
    pairs = {name: [getattr(card, name) for card in (source, target)] for name in DATES}
    known = {name: [day for day in days if day] for name, days in pairs.items()}
    found = {name: DATES[name](days) for name, days in known.items() if days}
    return {name: day for name, day in found.items() if day != getattr(target, name)}


def _is_empty(values: Values) -> bool:
    return all(value in ("", None) for value in values.values())


def as_stored(value: Any) -> Any:
    """A column's value as the ledger holds it."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def as_column(column: str, stored: Any) -> Any:
    """A value of the ledger as the column has it."""
    field: Any = Prospect._meta.get_field(column)
    return stored if field.is_relation or stored is None else field.to_python(stored)


def names_of(columns: Iterable[str]) -> list[str]:
    """The fields of the API behind columns; those that nobody chooses left out."""
    given = set(columns)
    return [name for name, behind in FIELDS.items() if given & set(behind)]
