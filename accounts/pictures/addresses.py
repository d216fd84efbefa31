"""Where a browser finds a picture."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings


def picture_path(picture_id: UUID | None) -> str | None:
    """Return where a picture is on this server; None for none."""
    return f"/storage/pictures/{picture_id}.webp" if picture_id else None


def picture_url(picture_id: UUID | None) -> str | None:
    """Return the address of a picture; None for none."""
    return f"{settings.CRM_PUBLIC_URL}{picture_path(picture_id)}" if picture_id else None
