from __future__ import annotations

from django.db import transaction
from django.utils.text import slugify

from accounts.tenants.models import Tenant
from accounts.tenants.signals import tenant_created
from accounts.users.models import User
from accounts.users.services import create_user
from core.tenancy import tenant_scope


def free_slug(name: str) -> str:
    """Return a slug for this name that no tenant has yet: `acme`, `acme-2`, …"""
    stem = slugify(name)[:50] or "tenant"
    taken = set(Tenant.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    number, slug = 1, stem
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug


@transaction.atomic
def create_tenant(
    *, name: str, admin_name: str, email: str, password: str | None, slug: str | None = None
) -> User:
    """Create a tenant, its first user (role admin) and its default data. Returns the user.

    :raises EmailTaken: if somebody already signs in with this address.
    """
    tenant = Tenant.objects.create(name=name, slug=slug or free_slug(name))
    with tenant_scope(tenant.pk):
        user = create_user(
            tenant=tenant, name=admin_name, email=email, role=User.Role.ADMIN, password=password
        )
        tenant_created.send(sender=Tenant, tenant=tenant)
    return user
