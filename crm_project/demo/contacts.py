"""People without a card in the demo tenant, everybody's score, and the first notices."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from accounts.users.models import User
from crm_project.demo import names
from prospects.contacts.models import Contact, LifecycleStage
from prospects.pipeline.models import Prospect
from prospects.pipeline.people import contact_search_text
from prospects.pipeline.telling import tell_owners
from sales.contacts.querysets import everybody
from sales.contacts.scoring import refresh_scores

CITIES = ("Ciudad de México", "Guadalajara", "Monterrey", "Puebla", "Querétaro", "Tijuana")
SOURCES = ("website", "referral", "expo", "newsletter")
TOLD_OF = 6  # the newest cards


def add_contacts(*, seed: int, at: datetime, owners: Sequence[User], count: int) -> None:
    """Create so many contacts without a card, score everybody, tell owners of the newest cards."""
    dice = random.Random(seed)
    made = [_contact(dice, number, at, owners) for number in range(count)]
    for contact in made:
        contact.search_text = contact_search_text(contact)
    Contact.objects.bulk_create(made)
    for ids in everybody():
        refresh_scores(ids, at=at)
    newest = Prospect.objects.filter(owner__isnull=False).order_by("-created_at", "-pk")
    for pk, owner_id in newest.values_list("pk", "owner_id")[:TOLD_OF]:
        tell_owners({pk: owner_id}, at=at)


def _contact(dice: random.Random, number: int, at: datetime, owners: Sequence[User]) -> Contact:
    owner = dice.choice(owners)
    return Contact(
        first_name=dice.choice(names.FIRST_NAMES),
        last_name=f"{dice.choice(names.LAST_NAMES)} {dice.choice(names.LAST_NAMES)}",
        email=f"suscriptor{number}@correo.example",
        phone_code="52",
        phone=f"55{dice.randrange(20000000, 99999999)}",
        phone_type=dice.choice(("mobile", "office")),
        position=dice.choice(names.POSITIONS),
        owner=owner,
        created_by=owner,
        lifecycle_stage=dice.choice(LifecycleStage.values),
        source=dice.choice(SOURCES),
        city=dice.choice(CITIES),
        country="México",
        custom_fields={"newsletter": dice.random() < 0.5},
        created_at=at - timedelta(days=dice.uniform(0, 300)),
    )
