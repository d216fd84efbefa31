"""Groups of people in the demo tenant: by conditions, and some that were put together by hand."""

from __future__ import annotations

from typing import Any

from accounts.users.models import User
from prospects.contacts.models import Contact
from sales.segments.models import Segment
from sales.segments.services import create_segment

INVITED = 12  # people


def add_segments(*, by: User) -> None:
    """Create the segments."""
    for name, conditions in (
        ("Todos los contactos", []),
        ("Clientes", [_where("lifecycle_stage", "in", ["customer", "evangelist"])]),
        (
            "Por convencer en Guadalajara o Monterrey",
            [
                _where("lifecycle_stage", "in", ["lead", "prospect"]),
                {"any": [_where("city", "=", "Guadalajara"), _where("city", "=", "Monterrey")]},
            ],
        ),
        (
            "Prometedores con correo",
            [_where("lead_score", ">=", 40), _where("email", "is_not_empty")],
        ),
        ("Con actividad este trimestre", [_where("last_activity_at", "within_days", 90)]),
        ("Boletín", [_where("custom_fields.newsletter", "=", True)]),
    ):
        _create(name, Segment.Type.DYNAMIC, conditions, [], by)
    invited = Contact.objects.filter(email__gt="").order_by("-lead_score", "pk")[:INVITED]
    ids = [contact.pk for contact in invited]
    _create("Invitados a la feria logística", Segment.Type.STATIC, [], ids, by)


def _create(name: str, type: str, conditions: list[Any], ids: list[int], by: User) -> None:
    create_segment(name=name, type=type, conditions=conditions, contact_ids=ids, by=by)


def _where(field: str, operator: str, value: Any = None) -> dict[str, Any]:
    return {"field": field, "operator": operator, "value": value}
