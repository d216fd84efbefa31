"""What the demo's clients say of themselves, the shops they connected, how they started."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from clients.companies.models import Company
from clients.integrations.models import Integration
from clients.onboarding.models import Onboarding
from prospects.pipeline.models import Prospect

INDUSTRIES = ("Comercio", "Moda", "Alimentos", "Electrónica", "Salud", "Hogar", "Manufactura")
EMPLOYEES = ("1-10", "11-50", "51-200", "201-500")
PLATFORMS = ("shopify", "woocommerce", "tiendanube", "mercadolibre", "vtex")
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def make_companies(cards: Sequence[Prospect], *, seed: int, at: datetime) -> list[Company]:
    """Create the companies of cards; connect their shops; note how they started."""
    dice = random.Random(seed)
    described = (_company(card, number, dice) for number, card in enumerate(cards))
    companies = Company.objects.bulk_create(described)
    Integration.objects.bulk_create(
        _shop(company, dice, at) for company in companies if dice.random() < 0.7
    )
    Onboarding.objects.bulk_create(
        Onboarding(
            company=company,
            account_verified_at=at - timedelta(days=dice.randint(20, 90)),
            training_at=at - timedelta(days=dice.randint(1, 19)) if dice.random() < 0.5 else None,
        )
        for company in companies
        if dice.random() < 0.8
    )
    return companies


def _company(card: Prospect, number: int, dice: random.Random) -> Company:
    initials = "".join(dice.choices(LETTERS, k=3))
    domain = f"{initials.lower()}{number}.example"
    born = f"{dice.randint(0, 99):02}{dice.randint(1, 12):02}{dice.randint(1, 28):02}"
    return Company(
        prospect=card,
        created_at=card.created_at,
        domain=domain,
        email=f"contacto@{domain}",
        phone=f"+52 55 {dice.randint(2000, 9999)} {dice.randint(1000, 9999)}",
        industry=dice.choice(INDUSTRIES),
        employee_range=dice.choice(EMPLOYEES),
        annual_revenue=Decimal(dice.randint(5, 400) * 100_000),
        tax_id=f"{initials}{born}{dice.choice(LETTERS)}{dice.randint(10, 99)}",
    )


def _shop(company: Company, dice: random.Random, at: datetime) -> Integration:
    platform = dice.choice(PLATFORMS)
    status = dice.choice(("connected", "connected", "connected", "pending", "error"))
    since = at - timedelta(days=dice.randint(5, 300)) if status != "pending" else None
    return Integration(
        company=company,
        platform=platform,
        name=f"Tienda {company.domain}",
        url=f"https://{company.domain}/{platform}",
        status=status,
        connected_at=since,
    )
