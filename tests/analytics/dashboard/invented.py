"""A tenant's invented leads, the same for the same seed: every mixture that figures tell apart."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal

from clients.models import Company
from prospects.models import Content, FollowUpCategory, Locale
from tests.analytics.operations_of import recharge, shipment, tier
from tests.people import Team
from tests.prospects.cards_of import card


def invent(team: Team, number: int, *, seed: int, at: datetime) -> None:
    """Make so many cards of all kinds, some with a company that did something."""
    dice = random.Random(seed)
    categories = list(FollowUpCategory.objects.order_by("pk").values_list("pk", flat=True))
    contents = [None, *Content.objects.order_by("pk").values_list("pk", flat=True)[:3]]
    locales = [None, *Locale.objects.order_by("pk").values_list("pk", flat=True)[:3]]
    owners = [None, team.alice, team.bob, team.mona]
    for n in range(number):
        created_at = at - timedelta(days=dice.choice((0, 5, 29, 30, 31, 60, 61, 200)), minutes=n)
        made = card(
            team,
            owner=dice.choice(owners),
            at=created_at,
            company_name=f"C{n:03}",
            type=dice.choice((1, 1, 1, 2, 2, 3)),
            category_id=dice.choice(categories),
            category_changed_at=created_at + timedelta(days=dice.choice((-2, 0, 3, 40))),
            created_at=created_at,
            locale_id=dice.choice(locales),
            content_id=dice.choice(contents),
            account_value=dice.choice((None, Decimal(dice.randint(1, 99_999)) / 100)),
            monthly_shipments=dice.choice((None, 0, 3, 7, 120)),
        )
        if made.type == 2:
            _operate(dice, Company.objects.create(prospect=made), created_at)


def _operate(dice: random.Random, company: Company, created_at: datetime) -> None:
    for _ in range(dice.choice((0, 0, 1, 2))):
        shipment(company, created_at + timedelta(days=dice.choice((-1, 0, 12, 35))))
    if dice.random() < 0.5:
        recharge(company, created_at)
    for month in range(dice.choice((0, 1, 2))):
        tier(company, dice.randint(0, 5), created_at.date().replace(day=1, month=month + 1))
