"""Invented cards, the same for the same seed: who they are, whose, and how far.

Skewed as pipelines are: of forty salespeople one owns 61 cards and one a fifth of all, a few cards
have no owner, and most are in the first categories.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from benchmarks import names
from benchmarks.identities import Identities
from benchmarks.people import Team
from prospects.catalogs.models import (
    AcquisitionCampaign,
    Content,
    EcommerceType,
    LeadStatus,
    Locale,
    OnboardingStatus,
    PlanType,
    WeightRange,
)
from prospects.pipeline.bulk import Values, new_card
from prospects.pipeline.models import FollowUpCategory, Prospect

SMALL_REP_CARDS = 61
DAYS = 3 * 365
# How many of a hundred: clients and partners, and where those who are neither stand.
CLIENTS, PARTNERS = 8, 3
SHARES = {
    "new_lead": 44,
    "contacted": 25,
    "qualified": 13,
    "negotiation": 8,
    "active_client": 1,
    "customer_lost": 6,
    "disqualified": 3,
}
WITHOUT_OWNER, PLANNED, WITH_CLOSE_DATE = 0.05, 0.2, 0.3
CHOICES = {
    "ecommerce_type_id": EcommerceType,
    "weight_range_id": WeightRange,
    "content_id": Content,
    "plan_type_id": PlanType,
    "lead_status_id": LeadStatus,
    "campaign_id": AcquisitionCampaign,
}


class CardMaker:
    """Makes the cards of the tenant by their number; numbers must be asked for in order."""

    def __init__(self, *, team: Team, total: int, seed: int, at: datetime) -> None:
        self.team, self.total, self.at = team, total, at
        self.dice = random.Random(seed)
        self.small_rep_numbers = _spread(total)
        rare = {total // 4, sorted(self.small_rep_numbers)[10], total * 3 // 4}
        self.identities = Identities(dice=self.dice, rare_numbers=rare)
        self.categories = {c.name: c.pk for c in FollowUpCategory.objects.in_order()}
        self.shares = list(accumulate(SHARES.values()))
        self.owner_shares = list(accumulate(1 / (n + 4) for n in range(len(team.others))))
        self.choices = {column: _ids(model) for column, model in CHOICES.items()}
        self.onboarding = _ids(OnboardingStatus)
        locales = Locale.objects.order_by("pk").values_list("pk", "phone_code")
        (self.home, _), *self.abroad = locales

    def make(self, number: int) -> Values:
        """Return every column of card `number` but its id and tenant."""
        created_at = self._created_at(number)
        kind = self._kind()
        values = {
            **self.identities.make(number),
            **self._qualities(),
            **self._dates(created_at),
            "type": kind,
            "owner_id": self._owner(number),
            "onboarding_status_id": self.dice.choice(self.onboarding) if kind == 2 else None,
            "external_id": f"crm-{number}" if number % 2 else "",
        }
        return new_card(values, category_id=self._category(kind), at=self.at)

    def _created_at(self, number: int) -> datetime:
        """Ever more cards a day, nearly in the order of their numbers."""
        age = DAYS * (1 - (number / self.total) ** 0.7) + self.dice.uniform(0, 3)
        return self.at - timedelta(days=age)

    def _kind(self) -> int:
        percent = self.dice.random() * 100
        if percent < CLIENTS:
            return Prospect.Type.CLIENT.value
        partner = percent < CLIENTS + PARTNERS
        return Prospect.Type.PARTNER.value if partner else Prospect.Type.PROSPECT.value

    def _category(self, kind: int) -> int:
        if kind == Prospect.Type.CLIENT:
            return self.categories["active_client"]
        (name,) = self.dice.choices(list(SHARES), cum_weights=self.shares)
        return self.categories[name]

    def _owner(self, number: int) -> int | None:
        if number in self.small_rep_numbers:
            return self.team.small_rep
        if number % 5 == 1:
            return self.team.big_rep
        if self.dice.random() < WITHOUT_OWNER / 0.8:  # of the four fifths that are left
            return None
        return self.dice.choices(self.team.others, cum_weights=self.owner_shares)[0]

    def _qualities(self) -> Values:
        dice = self.dice
        shipments = int(dice.lognormvariate(4.2, 1.5)) if dice.random() < 0.8 else None
        chosen = {
            column: dice.choice(ids) if dice.random() < 0.7 else None
            for column, ids in self.choices.items()
        }
        return {
            **chosen,
            "locale_id": self.home if dice.random() < 0.9 else dice.choice(self.abroad)[0],
            "channel": dice.choice(names.CHANNELS),
            "account_type": dice.choice(("individual", "startup", "sme", "sme", "")),
            "monthly_shipments": shipments,
            "account_value": None if shipments is None else shipments * dice.randint(60, 150),
        }

    def _dates(self, created_at: datetime) -> Values:
        """When it came, moved and was talked to; one in five has a next contact planned."""
        dice = self.dice
        contact_at = next_at = close = None
        if dice.random() < 0.3:
            contact_at = created_at + (self.at - created_at) * dice.random()
        if contact_at and dice.random() < PLANNED / 0.3:
            next_at = max(self.at + timedelta(days=dice.uniform(-5, 40)), contact_at)
        if dice.random() < WITH_CLOSE_DATE:
            close = (self.at + timedelta(days=dice.uniform(-60, 180))).date()
        offer = close and dice.random() < 0.3 and close - timedelta(days=dice.randint(5, 60))
        return {
            "created_at": created_at,
            "category_changed_at": created_at + (self.at - created_at) * dice.random(),
            "verified_at": created_at if dice.random() < 0.4 else None,
            "first_contact_at": contact_at,
            "last_contact_at": contact_at,
            "next_contact_at": next_at,
            "estimated_close_date": close,
            "commercial_offer_date": offer or None,
        }


def _spread(total: int) -> frozenset[int]:
    """The numbers of the small rep's cards, evenly spread; none is one of the big rep's."""
    step = total // SMALL_REP_CARDS
    numbers = (n * step for n in range(SMALL_REP_CARDS))
    return frozenset(number + 1 if number % 5 == 1 else number for number in numbers)


def _ids(model: Any) -> list[int]:
    return list(model.objects.order_by("position", "pk").values_list("pk", flat=True))
