"""What conditions can be about: the one table of allowed fields. Nothing else reaches the SQL."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Coalesce, Concat, Trim
from django.utils.translation import gettext_lazy as _

from prospects.contacts.models import LifecycleStage
from sales.contacts.fields import LONGEST_KEY

CUSTOM = "custom_fields."


class Kind(StrEnum):
    """What is compared, which says how it can be."""

    TEXT = "text"
    PHONE = "phone"
    CHOICE = "choice"
    NUMBER = "number"
    ROW = "row"  # the id of a colleague or company
    MOMENT = "moment"
    CUSTOM = "custom"  # the value says what it is


@dataclass(frozen=True)
class Field:
    """Something that is known of people.

    `column` is where it stands: an expression that is never null for texts, a name for the rest.
    """

    name: str
    label: Any
    kind: Kind
    column: Any
    choices: tuple[tuple[str, Any], ...] = ()
    is_sparse: bool = False  # most people have none, and an index leaves them out


class CustomText(Func):
    """The text of a custom field; null where there is none. Numbers as they are written."""

    template = "(%(expressions)s)"
    arg_joiner = " ->> "
    arity = 2
    output_field: Any = TextField()


def _sparse(name: str, label: Any) -> Field:
    return Field(name, label, Kind.TEXT, F(name), is_sparse=True)


FIELDS = {
    field.name: field
    for field in (
        Field("first_name", _("First name"), Kind.TEXT, F("first_name")),
        Field("last_name", _("Last name"), Kind.TEXT, F("last_name")),
        Field(
            "full_name",
            _("Full name"),
            Kind.TEXT,
            Trim(Concat("first_name", Value(" "), "last_name")),
        ),
        Field("email", _("Email"), Kind.TEXT, F("email")),
        Field("phone", _("Phone"), Kind.PHONE, "phone"),
        Field("job_title", _("Position"), Kind.TEXT, F("position")),
        Field(
            "company_name",
            _("Company"),
            Kind.TEXT,
            Coalesce(F("prospect__company_name"), Value("")),
        ),
        Field("company_id", _("Company (id)"), Kind.ROW, "prospect__company"),
        Field("owner_id", _("Owner"), Kind.ROW, "owner"),
        Field(
            "lifecycle_stage",
            _("Stage"),
            Kind.CHOICE,
            "lifecycle_stage",
            tuple(LifecycleStage.choices),
        ),
        Field("lead_score", _("Score"), Kind.NUMBER, "lead_score"),
        _sparse("source", _("Source")),
        _sparse("city", _("City")),
        _sparse("country", _("Country")),
        Field("created_at", _("Created"), Kind.MOMENT, "created_at"),
        Field("updated_at", _("Last changed"), Kind.MOMENT, "updated_at"),
        Field("last_activity_at", _("Last activity"), Kind.MOMENT, "last_activity_at"),
    )
}
# As the API calls them elsewhere → as they are called here.
ALIASES = {"primary_email": "email", "primary_phone": "phone"}


def find_field(name: str) -> Field | None:
    """Return the field of this name, `custom_fields.KEY` included; None if there is none."""
    if name.startswith(CUSTOM):
        key = name.removeprefix(CUSTOM).strip()
        return _custom(key) if 0 < len(key) <= LONGEST_KEY else None
    return FIELDS.get(ALIASES.get(name, name))


def _custom(key: str) -> Field:
    return Field(CUSTOM + key, key, Kind.CUSTOM, key)
