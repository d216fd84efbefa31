"""Where a browser finds a picture."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings


def picture_url(picture_id: UUID | None) -> str | None:
    """Return the address of a picture; None for none."""
    return f"{settings.CRM_PUBLIC_URL}/storage/pictures/{picture_id}.webp" if picture_id else None
