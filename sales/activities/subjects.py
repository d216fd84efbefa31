"""What an activity is about, in the words of the contract."""

from __future__ import annotations

from typing import Any

from accounts.users.models import User
from clients.companies.models import Company
from core.errors import InvalidInput
from prospects.contacts.models import Contact
from sales.deals.models import Deal

# The wire's class name → the column that holds its id.
COLUMNS = {
    "App\\Models\\Contact": "contact_id",
    "App\\Models\\Deal": "deal_id",
    "App\\Models\\Company": "company_id",
}
NAMES = {column: name for name, column in COLUMNS.items()}
MODELS: dict[str, Any] = {"contact_id": Contact, "deal_id": Deal, "company_id": Company}
NOTHING: dict[str, int | None] = dict.fromkeys(MODELS)


def subject_columns(column: str, pk: int, *, by: User) -> dict[str, int | None]:
    """Return all three columns, for an activity about one row that `by` sees.

    :raises InvalidInput: there is no such row for them.
    """
    if not MODELS[column].objects.visible_to(by).filter(pk=pk).exists():
        raise InvalidInput.of("activitable_id", "There is no such row.")
    return {**NOTHING, column: pk}


def subject_of(row: dict[str, Any]) -> tuple[str | None, str | None]:
    """Return class name and id of what an activity's columns say that it is about."""
    for column, name in NAMES.items():
        if row[column] is not None:
            return name, str(row[column])
    return None, None
