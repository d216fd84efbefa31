"""Which tenant, and which of its files."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db import models

from accounts.models import Tenant
from core.errors import NotFound


def tenant_named(slug: str) -> Tenant:
    """Return the tenant.

    :raises NotFound: there is none of this name.
    """
    tenant = Tenant.objects.filter(slug=slug).first()
    if tenant is None:
        raise NotFound(f"There is no tenant {slug!r}.")
    return tenant


def files_of(tenant_id: int) -> Iterator[tuple[str, models.FileField]]:
    """Yield the name of each stored file of a tenant with its field: uploads and made ones."""
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, models.FileField):
                rows = model._base_manager.filter(tenant_id=tenant_id).exclude(**{field.name: ""})
                for name in rows.values_list(field.name, flat=True).iterator():
                    yield name, field
