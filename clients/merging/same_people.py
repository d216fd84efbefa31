"""Who stands on both of two cards."""

from __future__ import annotations

from collections import defaultdict

from prospects.contacts.models import Contact


def emails_on_both(card_id: int, other_id: int) -> list[str]:
    """Return the addresses that contacts of both cards have: the same person, most likely, whom a
    merge leaves as two contacts."""
    people = Contact.objects.filter(prospect_id__in=(card_id, other_id))
    emails: defaultdict[int, set[str]] = defaultdict(set)
    for card, email, more in people.values_list("prospect_id", "email", "more_emails"):
        emails[card] |= {email, *more} - {""}
    return sorted(emails[card_id] & emails[other_id])
