"""A card and its primary contact say the same; what `search` finds follows both."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

from core.tenancy import current_tenant
from prospects.contacts.models import Contact
from prospects.pipeline.bulk import update_cards
from prospects.pipeline.models import Prospect
from prospects.pipeline.searching import card_search_text

# The card's copy is the truth here: who edits a person edits the card too. Where the name is the
# same, two words of a first name stay together.
SYNC_PRIMARY = """
    WITH card AS (
        SELECT id, name, split_part(name, ' ', 1) AS first_name,
               ltrim(substr(name, length(split_part(name, ' ', 1)) + 1)) AS last_name,
               email, phone_code, phone
        FROM prospects_prospect WHERE id = ANY(%(ids)s) AND tenant_id = %(tenant_id)s
    ), known AS (
        UPDATE prospects_contact AS person
        SET (first_name, last_name) = (
                SELECT person.first_name, person.last_name
                WHERE trim(person.first_name || ' ' || person.last_name) = card.name
                UNION ALL SELECT card.first_name, card.last_name LIMIT 1
            ),
            email = card.email, phone_code = card.phone_code, phone = card.phone
        FROM card
        WHERE person.prospect_id = card.id AND person.is_primary AND person.deleted_at IS NULL
        RETURNING person.prospect_id
    )
    INSERT INTO prospects_contact
        (tenant_id, prospect_id, is_primary, first_name, last_name, email, phone_code, phone,
         position)
    SELECT %(tenant_id)s, id, true, first_name, last_name, email, phone_code, phone, ''
    FROM card
    WHERE (first_name > '' OR email > '' OR phone > '')
      AND id NOT IN (SELECT prospect_id FROM known)
"""


def refresh_people(prospect_ids: Collection[int]) -> None:
    """Copy name, email and phone of cards to their primary contacts, and renew what search finds.

    Call it inside the transaction that changed the cards.
    """
    if not prospect_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(SYNC_PRIMARY, {"ids": list(prospect_ids), "tenant_id": current_tenant()})
    refresh_search_text(prospect_ids)


def refresh_search_text(prospect_ids: Collection[int]) -> None:
    """Write anew what `search` looks in, from the cards and their contacts."""
    people: dict[int, list[tuple[str, str, str]]] = {pk: [] for pk in prospect_ids}
    contacts = Contact.objects.filter(prospect_id__in=prospect_ids).order_by("-is_primary", "pk")
    for contact in contacts:
        phone = f"+{contact.phone_code}{contact.phone}" if contact.phone else ""
        people[contact.prospect_id].append((contact.name, contact.email, phone))
    cards = Prospect.objects.filter(pk__in=prospect_ids).values_list("pk", "company_name")
    update_cards(
        {
            pk: {"search_text": card_search_text(company_name=company_name, people=people[pk])}
            for pk, company_name in cards
        }
    )
