"""What a new tenant's pipeline starts with."""

from __future__ import annotations

from typing import Any

from prospects.catalogs.services import create_default_catalogs
from prospects.pipeline.models import FollowUpCategory

Kind = FollowUpCategory.Kind
CATEGORIES = [
    ("new_lead", "Nuevo", "#3B82F6", Kind.OPEN),
    ("contacted", "Contactado", "#06B6D4", Kind.OPEN),
    ("qualified", "Calificado", "#8B5CF6", Kind.OPEN),
    ("negotiation", "Negociación", "#F59E0B", Kind.OPEN),
    ("active_client", "Cliente activo", "#10B981", Kind.WON),
    ("customer_lost", "Cliente perdido", "#EF4444", Kind.LOST),
    ("disqualified", "Descalificado", "#6B7280", Kind.DISQUALIFIED),
]


def create_defaults(*, tenant: Any, **kwargs: Any) -> None:
    """Receiver of `tenant_created`: the categories of the board and the catalogues."""
    FollowUpCategory.objects.bulk_create(
        FollowUpCategory(
            tenant_id=tenant.pk, name=name, label=label, color=color, kind=kind, position=position
        )
        for position, (name, label, color, kind) in enumerate(CATEGORIES)
    )
    create_default_catalogs(tenant_id=tenant.pk)
