"""What tenants' own systems are told about people."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import Any

from accounts.webhooks.outbox import emit
from prospects.contacts.models import Contact


def tell_written(*, created: Collection[int] = (), updated: Collection[int] = ()) -> None:
    """Tell that people are new or have changed, in the transaction that writes them."""
    written = {"contact.created": created, "contact.updated": updated}
    emit({event: partial(contact_data, ids) for event, ids in written.items() if ids})


def contact_data(contact_ids: Collection[int]) -> list[dict[str, Any]]:
    """Return what is told about people, with the names of the sales API."""
    return [_data(contact) for contact in Contact.objects.filter(pk__in=contact_ids)]


def primaries_data(prospect_ids: Collection[int]) -> list[dict[str, Any]]:
    """Return what is told about the primary contacts of these cards."""
    people = Contact.objects.filter(prospect_id__in=prospect_ids, is_primary=True)
    return [_data(contact) for contact in people]


def _data(contact: Contact) -> dict[str, Any]:
    return {
        "id": contact.pk,
        "first_name": contact.first_name,
        "last_name": contact.last_name,
        "full_name": contact.name,
        "emails": [{"email": email} for email in contact.emails],
        "phones": [{"phone": phone} for phone in contact.e164_phones],
        "job_title": contact.position,
        "lifecycle_stage": contact.lifecycle_stage,
        "prospect_id": contact.prospect_id,
        "owner_id": contact.owner_id,
        "source": contact.source,
        "city": contact.city,
        "country": contact.country,
        "custom_fields": contact.custom_fields,
        "created_at": contact.created_at,
        "updated_at": contact.updated_at,
    }
