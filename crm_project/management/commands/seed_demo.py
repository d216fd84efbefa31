from __future__ import annotations

from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.tenants.models import Tenant
from accounts.tenants.services import create_tenant
from accounts.users.models import User
from accounts.users.services import create_user
from analytics.snapshots.services import refresh_all
from core.commands import OperatorCommand
from core.tenancy import across_tenants, tenant_scope
from crm_project.demo.campaigns import add_campaigns
from crm_project.demo.cards import Cards
from crm_project.demo.contacts import add_contacts
from crm_project.demo.documents import Documents
from crm_project.demo.duplicates import add_duplicates
from crm_project.demo.events import add_events
from crm_project.demo.forms import add_forms
from crm_project.demo.pictures import add_pictures
from crm_project.demo.sales import Sales
from crm_project.demo.segments import add_segments
from crm_project.demo.views import add_views
from crm_project.demo.webhooks import add_webhook
from prospects.catalogs.models import AcquisitionCampaign
from prospects.respondio.models import RespondioAccount

PASSWORD = "demo-crm-2026"  # noqa: S105 (stands in the README)
PEOPLE = (
    ("manager@demo.test", "Marta Gerente", "manager"),
    ("ana@demo.test", "Ana Torres", "sales"),
    ("luis@demo.test", "Luis Ortega", "sales"),
    ("viewer@demo.test", "Vera Consulta", "viewer"),
)
CAMPAIGNS = ("Q1-2026", "Expo Logística", "Buen Fin", "Hot Sale")
SEED = 2026


class Command(OperatorCommand):
    """Create the demo tenants, their people and data. Running it again changes nothing."""

    help = "Create the demo tenants (demo, demo-two), their people and data, unless they exist."

    def handle(self, *args: Any, **options: Any) -> None:
        if Tenant.objects.filter(slug="demo").exists():
            self.stdout.write("The demo tenants exist already.")
            return
        with transaction.atomic():
            seed_demo_tenant("demo", "Envíos Demo", "admin@demo.test", PEOPLE, cards=300)
            seed_demo_tenant("demo-two", "Otra Empresa", "admin@demo-two.test", (), cards=20)
            User.objects.create_superuser("ops@demo.test", PASSWORD, name="Operaciones")
        refresh_all(Tenant.objects.filter(slug__in=("demo", "demo-two")))
        with connection.cursor() as cursor:
            # Until PostgreSQL gets round to it, it plans for tables of which it knows nothing: whom
            # a seller sees took minutes.
            cursor.execute("ANALYZE")
        self.stdout.write("Created the demo tenants demo and demo-two.")


def seed_demo_tenant(slug: str, name: str, admin: str, people: Any, *, cards: int) -> None:
    """Create one demo tenant with its people and so many cards."""
    with across_tenants():
        user = create_tenant(
            name=name, slug=slug, admin_name="Alma Directora", email=admin, password=PASSWORD
        )
        tenant = Tenant.objects.get(slug=slug)
    with tenant_scope(tenant.pk):
        users = [
            create_user(tenant=tenant, email=email, name=full_name, role=role, password=PASSWORD)
            for email, full_name, role in people
        ]
        # Invented people are not sent to a real workspace, whatever token this server has.
        RespondioAccount.objects.create(is_active=False)
        AcquisitionCampaign.objects.bulk_create(
            AcquisitionCampaign(name=name, position=n) for n, name in enumerate(CAMPAIGNS)
        )
        sellers = [person for person in users if person.role == "sales"] or [user]
        at = timezone.now()
        Cards(seed=SEED, at=at, owners=sellers).create(cards)
        add_duplicates(at=at, owners=sellers)
        Sales(seed=SEED, at=at, owners=sellers).create(cards // 5)
        Documents(seed=SEED, at=at, owners=sellers).create(cards // 12)
        add_contacts(seed=SEED, at=at, owners=sellers, count=cards // 10)
        add_events(seed=SEED, at=at, owners=sellers)
        add_forms(seed=SEED, at=at, owners=sellers, by=user, count=cards // 8)
        add_pictures(tenant_id=tenant.pk, name=name, people=[user, *users])
        add_webhook(at=at)
        add_views(by=user)
        add_segments(by=user)
        add_campaigns(seed=SEED, at=at, by=user)
