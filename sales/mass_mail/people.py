"""What is known of whom a campaign is mailed to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sales.mass_mail.models import CampaignRecipient

COLUMNS = (
    *("pk", "address", "attempts", "contact__deleted_at", "contact__first_name"),
    *("contact__last_name", "contact__position", "contact__city"),
    "contact__prospect__company_name",
)


@dataclass(frozen=True)
class Person:
    """Somebody, as a mail speaks to them. `id` is that of the recipient, 0 for nobody's."""

    id: int
    email: str
    first_name: str = ""
    last_name: str = ""
    company_name: str = ""
    position: str = ""
    city: str = ""
    attempts: int = 0
    is_gone: bool = False

    def values(self) -> dict[str, str]:
        """What can be put into a text, by the name of its placeholder."""
        return {
            "first_name": self.first_name,
            "last_name": self.last_name,
            "name": f"{self.first_name} {self.last_name}".strip(),
            "email": self.email,
            "company_name": self.company_name,
            "position": self.position,
            "city": self.city,
        }


def read_people(recipient_ids: Iterable[int]) -> list[Person]:
    """Return the people behind recipients, as they are called today."""
    rows = CampaignRecipient.objects.filter(pk__in=list(recipient_ids)).order_by("pk")
    return [_person(row) for row in rows.values(*COLUMNS)]


def _person(row: dict[str, Any]) -> Person:
    names = ("first_name", "last_name", "position", "city")
    return Person(
        id=row["pk"],
        email=row["address"],
        company_name=row["contact__prospect__company_name"] or "",
        attempts=row["attempts"],
        is_gone=row["contact__deleted_at"] is not None,
        **{name: row[f"contact__{name}"] or "" for name in names},
    )


def person_of(contact: Any) -> Person:
    """Return a contact as a mail would speak to them."""
    names = ("email", "first_name", "last_name", "position", "city")
    company = contact.prospect.company_name if contact.prospect else ""
    return Person(id=0, company_name=company, **{name: getattr(contact, name) for name in names})
