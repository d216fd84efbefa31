"""The demo tenant's cards: a pipeline that looks lived in."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from accounts.users.models import User
from core.tenancy import current_tenant
from crm_project.demo import names
from crm_project.demo.companies import make_companies
from crm_project.demo.operations import Operations
from prospects.catalogs.models import (
    AcquisitionCampaign,
    Content,
    EcommerceType,
    LeadStatus,
    PartnerOrigin,
    PartnerType,
    PlanType,
    Service,
    WeightRange,
)
from prospects.contacts.models import Contact
from prospects.followups.models import FollowUpNote
from prospects.locations.models import Location
from prospects.partners.models import PartnerData
from prospects.pipeline.bulk import Values, insert_cards, new_card
from prospects.pipeline.models import (
    FollowUpCategory,
    Prospect,
    ProspectService,
    TeamAssignment,
)
from prospects.pipeline.people import refresh_search_text

CHANNELS = ("website", "referral", "organic_search", "paid_search", "social", "email", "expo")
# How many of a hundred cards stand in each category.
SHARES = {
    "new_lead": 30,
    "contacted": 22,
    "qualified": 14,
    "negotiation": 10,
    "active_client": 14,
    "customer_lost": 6,
    "disqualified": 4,
}
# Where some have an account already, with money in it.
BEGINNING = ("qualified", "negotiation")
AREA_CODES = ("55", "33", "81")
DERIVE_CONTACTS = """
    UPDATE prospects_prospect AS card
    SET first_contact_at = known.first, last_contact_at = known.latest,
        next_contact_at = known.next
    FROM (
        SELECT prospect_id, min(created_at) AS first, max(created_at) AS latest,
               min(scheduled_at) FILTER (WHERE done_at IS NULL) AS next
        FROM prospects_followupnote WHERE tenant_id = %s GROUP BY prospect_id
    ) AS known
    WHERE card.id = known.prospect_id
"""


def at_work(moment: datetime) -> datetime:
    """The same day at some hour at which people work in Mexico, whole or half."""
    hour, half = 15 + moment.minute % 9, 30 * (moment.second % 2)
    return moment.replace(hour=hour, minute=half, second=0, microsecond=0)


class Cards:
    """Makes the cards of one tenant, the same for the same seed."""

    def __init__(self, *, seed: int, at: datetime, owners: Sequence[User]) -> None:
        self.dice = random.Random(seed)
        self.at = at
        self.owners = list(owners)
        self.categories = {c.name: c for c in FollowUpCategory.objects.in_order()}
        self.choices = {
            "ecommerce_type_id": self._ids(EcommerceType),
            "weight_range_id": self._ids(WeightRange),
            "plan_type_id": self._ids(PlanType),
            "lead_status_id": self._ids(LeadStatus),
            "campaign_id": self._ids(AcquisitionCampaign),
        }
        self.contents = dict(Content.objects.values_list("name", "pk"))

    @staticmethod
    def _ids(model: Any) -> list[int]:
        return list(model.objects.order_by("position", "pk").values_list("pk", flat=True))

    def create(self, count: int) -> None:
        """Create so many cards with notes, team, interests and companies of the clients."""
        rows = [self._card(number) for number in range(count)]
        inserted = insert_cards(
            [new_card(row, category_id=row["category_id"], at=self.at) for row in rows]
        )
        made = Prospect.objects.filter(pk__in=inserted.values()).order_by("pk")
        cards = list(made.select_related("category", "locale", "tenant"))
        FollowUpNote.objects.bulk_create([note for card in cards for note in self._notes(card)])
        self._add_people(cards)
        self._assign(cards)
        self._place(cards)
        self._describe_partners(cards)
        self._make_companies(cards)
        with connection.cursor() as cursor:
            cursor.execute(DERIVE_CONTACTS, [current_tenant()])

    def _card(self, number: int) -> Values:
        dice = self.dice
        trade, content = dice.choice(names.TRADES).split("|")
        company = f"{trade} {dice.choice(names.PROPER_NAMES)}"
        legal_form = dice.choice(names.LEGAL_FORMS)
        person = f"{dice.choice(names.FIRST_NAMES)} {dice.choice(names.LAST_NAMES)}"
        category = dice.choices(list(SHARES), weights=list(SHARES.values()))[0]
        created_at = self.at - timedelta(days=dice.triangular(0, 330, 10), hours=dice.random() * 9)
        is_partner = number % 25 == 24
        has_begun = category in BEGINNING and number % 2 == 0
        shipments = int(dice.lognormvariate(4.6, 1.4))
        return {
            "type": 3 if is_partner else 2 if has_begun or category == "active_client" else 1,
            "company_name": f"{company} {legal_form}".strip(),
            "name": f"{person} {dice.choice(names.LAST_NAMES)}",
            "email": f"contacto{number}@{trade.lower().encode('ascii', 'ignore').decode()}.example",
            "phone_code": "52",
            "phone": f"{dice.choice(AREA_CODES)}{dice.randrange(20000000, 99999999)}",
            "owner_id": dice.choice(self.owners).pk if dice.random() < 0.93 else None,
            "category_id": self.categories[category].pk,
            "category_changed_at": created_at + (self.at - created_at) * dice.random(),
            "locale_id": 1 if dice.random() < 0.9 else dice.randint(2, 5),
            "channel": dice.choice(CHANNELS),
            "account_type": dice.choice(("individual", "startup", "sme", "sme", "enterprise")),
            "account_value": str(Decimal(shipments * dice.randint(70, 140))),
            "monthly_shipments": shipments,
            "estimated_close_date": self._close_date(category),
            "content_id": self.contents[f"packageContent.{content}"],
            "created_at": created_at,
            "verified_at": created_at if dice.random() < 0.4 else None,
            **{column: dice.choice([*ids, None]) for column, ids in self.choices.items()},
        }

    def _close_date(self, category: str) -> str | None:
        if self.categories[category].kind != FollowUpCategory.Kind.OPEN or self.dice.random() < 0.4:
            return None
        return (self.at + timedelta(days=self.dice.randint(-10, 90))).date().isoformat()

    def _notes(self, card: Prospect) -> list[FollowUpNote]:
        dice, notes = self.dice, []
        if card.category.name == "new_lead" and dice.random() < 0.6:
            return []
        when = card.created_at
        for _ in range(dice.randint(1, 6)):
            when += timedelta(days=dice.uniform(0.2, 20))
            if when > self.at:
                break
            action = dice.choice(list(names.NOTES))
            text = dice.choice(names.NOTES[action])
            by = card.owner_id or dice.choice(self.owners).pk
            notes.append(
                FollowUpNote(
                    prospect=card, action=action, note=text, created_by_id=by, created_at=when
                )
            )
        if notes and card.category.kind == FollowUpCategory.Kind.OPEN and dice.random() < 0.7:
            next_contact = at_work(self.at + timedelta(days=dice.uniform(-6, 18)))
            earliest = at_work(notes[-1].created_at + timedelta(days=1))
            notes[-1].scheduled_at = max(next_contact, earliest)
        return notes

    def _add_people(self, cards: list[Prospect]) -> None:
        """Every fourth card has a second person."""
        second = cards[::4]
        Contact.objects.bulk_create(
            Contact(
                prospect=card,
                first_name=self.dice.choice(names.FIRST_NAMES),
                last_name=self.dice.choice(names.LAST_NAMES),
                email=f"persona{number}@{card.email.partition('@')[2]}",
                position=self.dice.choice(names.POSITIONS),
            )
            for number, card in enumerate(second)
        )
        refresh_search_text([card.pk for card in second])

    def _assign(self, cards: list[Prospect]) -> None:
        services, roles = self._ids(Service), TeamAssignment.Role.values
        TeamAssignment.objects.bulk_create(
            TeamAssignment(prospect=card, role=role, user=self.dice.choice(self.owners))
            for card in cards
            for role in self.dice.sample(roles, k=self.dice.choice((0, 0, 1, 2)))
        )
        ProspectService.objects.bulk_create(
            ProspectService(prospect=card, service_id=pk)
            for card in cards
            for pk in self.dice.sample(services, k=self.dice.choice((0, 1, 2, 3)))
        )

    def _place(self, cards: list[Prospect]) -> None:
        """Half of the cards have a place or two. The dice are their own: those of the rest stay."""
        dice = random.Random(len(cards))
        Location.objects.bulk_create(
            Location(
                prospect=card,
                name=dice.choice(names.PLACES),
                link=f"https://maps.google.com/?q={dice.uniform(16, 32):.4f},"
                f"{dice.uniform(-115, -88):.4f}",
                type=dice.choice(Location.Type.values),
            )
            for card in cards
            for _ in range(dice.choice((0, 0, 1, 2)))
        )

    def _describe_partners(self, cards: list[Prospect]) -> None:
        dice = random.Random(len(cards))
        types, origins = self._ids(PartnerType), self._ids(PartnerOrigin)
        PartnerData.objects.bulk_create(
            PartnerData(
                prospect=card,
                url=f"https://socio{number}.example",
                partner_type_id=dice.choice(types),
                partner_origin_id=dice.choice(origins),
                rating=dice.randint(1, 5),
                locale_id=1,
                social_network=f"@socio{number}",
            )
            for number, card in enumerate(cards)
            if card.type == Prospect.Type.PARTNER
        )

    def _make_companies(self, cards: list[Prospect]) -> None:
        clients = [card for card in cards if card.type == Prospect.Type.CLIENT]
        seed = self.dice.randrange(1000)
        companies = make_companies(clients, seed=seed, at=self.at)
        Operations(seed=seed, at=self.at).create(companies)
