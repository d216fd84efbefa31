"""A card and its primary contact say the same; what `search` finds follows both."""

from __future__ import annotations

from collections.abc import Collection
from itertools import zip_longest

from django.db import connection

from core.tenancy import current_tenant
from prospects.contacts.announcing import tell_written
from prospects.contacts.models import Contact
from prospects.pipeline.bulk import update_cards
from prospects.pipeline.models import Prospect
from prospects.pipeline.searching import card_search_text, derived_texts

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
        RETURNING person.prospect_id, person.id
    ), made AS (
        INSERT INTO prospects_contact
            (tenant_id, prospect_id, is_primary, first_name, last_name, email, phone_code, phone,
             position)
        SELECT %(tenant_id)s, id, true, first_name, last_name, email, phone_code, phone, ''
        FROM card
        WHERE (first_name > '' OR email > '' OR phone > '')
          AND id NOT IN (SELECT prospect_id FROM known)
        RETURNING id
    )
    SELECT id, false AS is_new FROM known UNION ALL SELECT id, true FROM made
"""


def refresh_people(prospect_ids: Collection[int]) -> None:
    """Copy name, email and phone of cards to their primary contacts, and renew what search finds.

    Call it inside the transaction that changed the cards.
    """
    if not prospect_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(SYNC_PRIMARY, {"ids": list(prospect_ids), "tenant_id": current_tenant()})
        people = cursor.fetchall()
    refresh_search_text(prospect_ids)
    tell_written(
        created=[pk for pk, is_new in people if is_new],
        updated=[pk for pk, is_new in people if not is_new],
    )


def refresh_search_text(prospect_ids: Collection[int]) -> None:
    """Write anew what `search` looks in, from the cards and their contacts.

    Of several people on a card each gets a text of their own, so that looking for one does not
    find the others. Whoever is the only one is found by the card's.
    """
    people: dict[int, list[Contact]] = {pk: [] for pk in prospect_ids}
    for contact in Contact.objects.filter(prospect_id__in=prospect_ids).primary_first():
        people[contact.prospect_id].append(contact)
    cards = Prospect.objects.filter(pk__in=prospect_ids).values_list("pk", "company_name")
    texts, changed = {}, []
    for pk, company_name in cards:
        entries = [entry for contact in people[pk] for entry in _entries(contact)]
        texts[pk] = derived_texts(company_name=company_name, people=entries)
        for contact in people[pk]:
            text = contact_search_text(contact, company_name) if len(people[pk]) > 1 else ""
            if contact.search_text != text:
                contact.search_text = text
                changed.append(contact)
    update_cards(texts)
    if changed:
        Contact.objects.bulk_update(changed, ["search_text"])


def contact_search_text(contact: Contact, company_name: str = "") -> str:
    """Return what `search` looks in for one person."""
    return card_search_text(company_name=company_name, people=_entries(contact))


def _entries(contact: Contact) -> list[tuple[str, str, str]]:
    """A person's name, email and phone, and their further emails and phones, as a card has them."""
    reached = zip_longest(contact.emails, contact.e164_phones, fillvalue="")
    return [(contact.name, "", ""), *(("", email, phone) for email, phone in reached)]
