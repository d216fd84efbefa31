from __future__ import annotations

from django.db import connection, transaction
from django.utils.text import slugify

from accounts.tenants.models import Tenant
from accounts.tenants.signals import tenant_created
from accounts.users.models import User
from accounts.users.services import create_user
from core.tenancy import tenant_scope


def free_slug(name: str) -> str:
    """Return a slug for this name that no tenant has yet: `acme`, `acme-2`, …

    Those who ask for the same name at once take turns until their transactions end.
    """
    stem = slugify(name)[:50] or "tenant"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('tenant'), hashtext(%s))", [stem])
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
    :raises ValidationError: the slug is taken, or name, slug or email are malformed.
    """
    tenant = Tenant(name=name, slug=slug or free_slug(name))
    tenant.full_clean()
    tenant.save()
    with tenant_scope(tenant.pk):
        user = create_user(
            tenant=tenant, name=admin_name, email=email, role=User.Role.ADMIN, password=password
        )
        tenant_created.send(sender=Tenant, tenant=tenant)
    return user
