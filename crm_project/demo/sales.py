"""What the demo tenants sell: products, a pipeline of deals, what is to be done next."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.notifications.models import Notification
from accounts.users.models import User
from prospects.contacts.models import Contact
from sales.activities.reminders import remind_due
from sales.activities.services import complete_activity, create_activity
from sales.deals.models import Deal
from sales.deals.services import create_deal, edit_deal
from sales.pipelines.models import Stage
from sales.products.models import ProductCategory
from sales.products.services import create_product

# category, name, SKU, price in pesos
PRODUCTS = (
    ("Envíos", "Guía nacional 1 kg", "ENV-NAC-01", "129"),
    ("Envíos", "Guía nacional 5 kg", "ENV-NAC-05", "189"),
    ("Envíos", "Guía internacional 1 kg", "ENV-INT-01", "549"),
    ("Envíos", "LTL por tarima", "LTL-TAR-01", "2450"),
    ("Almacén", "Fulfillment por pedido", "FUL-PED-01", "38"),
    ("Almacén", "Almacenaje por m³ al mes", "ALM-M3-01", "420"),
    ("Software", "WMS, licencia mensual", "WMS-LIC-01", "3900"),
    ("Software", "Integración con tienda en línea", "INT-TIE-01", "12500"),
    ("Servicios", "Consultoría logística, hora", "CON-LOG-01", "1500"),
    ("Servicios", "Capacitación de equipo", "CAP-EQU-01", "8500"),
)
OFFERS = (
    "Plan anual de envíos",
    "Fulfillment",
    "Migración de WMS",
    "Contrato LTL",
    "Integración con Shopify",
    "Envíos internacionales",
    "Consultoría logística",
    "Almacenaje temporada alta",
)
REASONS = ("Precio", "Eligió a la competencia", "Sin presupuesto este año", "No respondió")
# How many of sixty deals stand in each stage at the end.
STAGES = (12, 12, 11, 9, 10, 6)
TASKS = (
    ("call", "Llamar para dar seguimiento"),
    ("email", "Enviar propuesta"),
    ("meeting", "Reunión de revisión"),
    ("task", "Preparar cotización"),
)
KEPT_NOTICES = 4
OVERDUE = 7  # one in so many was not done when it was due
OPENS = 15  # o'clock UTC: nine in Mexico


class Sales:
    """Makes what one tenant sells, the same for the same seed."""

    def __init__(self, *, seed: int, at: datetime, owners: Sequence[User]) -> None:
        self.dice, self.at, self.owners = random.Random(seed), at, owners
        self.stages = list(Stage.objects.filter(pipeline__is_default=True).in_order())

    def create(self, deals: int) -> None:
        """Put the products on sale, bring so many deals to where they stand, plan what is next."""
        self._add_products()
        places = [n for n, share in enumerate(STAGES) for _ in range(share)]
        self.dice.shuffle(places)
        for number in range(deals):
            deal = self._add_deal(places[number % len(places)], number)
            if deal is not None:
                self._plan(deal)
        remind_due(at=self.at)
        told = Notification.objects.filter(type__startswith="deal_").order_by("-pk")
        kept = list(told.values_list("pk", flat=True)[:KEPT_NOTICES])
        told.exclude(pk__in=kept).delete()

    def _add_products(self) -> None:
        names = dict.fromkeys(category for category, *_ in PRODUCTS)
        shelves = {
            name: ProductCategory.objects.create(name=name, position=position)
            for position, name in enumerate(names)
        }
        for category, name, sku, price in PRODUCTS:
            values = {"name": name, "sku": sku, "unit_price": Decimal(price), "currency": "MXN"}
            create_product(values={**values, "tax_rate": 16, "category": shelves[category]})

    def _add_deal(self, place: int, number: int) -> Deal | None:
        owner = self.owners[number % len(self.owners)]
        stage = self.stages[place]
        person = self._person(owner, is_client=stage.kind == Stage.Kind.WON)
        if person is None:
            return None
        began = self.at - timedelta(days=self.dice.uniform(10, 120))
        deal = create_deal(
            values=self._columns(person, began),
            stage_id=self.stages[0].pk,
            contact_ids=[person.pk],
            by=owner,
            at=began,
        )
        self._bring(deal, place, owner, began)
        return deal

    def _person(self, owner: User, *, is_client: bool) -> Contact | None:
        """Somebody on a card of the owner's; for a deal that is won, on a client's."""
        people = Contact.objects.filter(prospect__owner=owner, prospect__type=2 if is_client else 1)
        ids = list(people.order_by("pk").values_list("pk", flat=True))
        return Contact.objects.get(pk=self.dice.choice(ids)) if ids else None

    def _columns(self, person: Contact, began: datetime) -> dict[str, Any]:
        is_dollars = self.dice.random() < 0.25
        amount = self.dice.randint(2, 60) * 1000 * (1 if is_dollars else 12)
        firm = person.prospect.company_name if person.prospect else ""
        close = (began + timedelta(days=self.dice.randint(30, 200))).date()
        return {
            "name": f"{self.dice.choice(OFFERS)} - {firm or person.name}"[:255],
            "amount": Decimal(amount),
            "currency": "USD" if is_dollars else "MXN",
            "expected_close_date": close,
        }

    def _bring(self, deal: Deal, place: int, owner: User, began: datetime) -> None:
        """Move a deal stage by stage, some days each, to where it is to stand."""
        open_stages = [each for each in self.stages if each.kind == Stage.Kind.OPEN]
        last = self.stages[place]
        way = [each for each in open_stages[1:] if each.position < last.position]
        steps = [*way, last] if place else []
        for number, stage in enumerate(steps, start=1):
            moment = began + (self.at - began) * number / (len(steps) + self.dice.random())
            lost = stage.kind == Stage.Kind.LOST
            values = {"lost_reason": self.dice.choice(REASONS)} if lost else {}
            where = {"deal_id": deal.pk, "stage_id": stage.pk}
            edit_deal(values=values, by=owner, at=min(moment, self.at), **where)

    def _plan(self, deal: Deal) -> None:
        """Something that was done about a deal, or is to be."""
        kind, subject = self.dice.choice(TASKS)
        morning = self.at.replace(hour=OPENS, minute=0, second=0, microsecond=0)
        due_at = morning + timedelta(days=self.dice.randint(-10, 14), hours=self.dice.randint(0, 8))
        values = {
            "subject": subject,
            "type": kind,
            "priority": self.dice.choice(("low", "medium", "medium", "high")),
            "due_at": due_at,
            "deal_id": deal.pk,
        }
        owner = deal.owner or self.owners[0]
        made = create_activity(values=values, by=owner, at=self.at)
        if due_at < self.at and deal.pk % OVERDUE:
            complete_activity(activity_id=made.pk, by=owner, at=self.at)
