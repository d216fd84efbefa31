"""Links in campaigns: each names one recipient and one purpose, and is signed.

Where a link leads is not in it: it is looked up in what the campaign says, so that nobody can make
one of ours that leads elsewhere.
"""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.core.signing import BadSignature, Signer

from core.tenancy import across_tenants
from sales.mass_mail.models import CampaignRecipient

OPEN, CLICK, UNSUBSCRIBE, MAIL = "open", "click", "unsubscribe", "mail"
PATHS = {OPEN: "/m/o/", CLICK: "/m/c/", UNSUBSCRIBE: "/m/u/"}
OF_A_TEST = "test"  # the token of links in mails that go to a colleague, to be looked at
LARGEST = 2**63


@lru_cache
def _signer(purpose: str) -> Signer:
    return Signer(salt=f"sales.mass_mail.{purpose}", sep=".")


def token_of(purpose: str, recipient_id: int, *more: int) -> str:
    """Return a text that proves for what we gave it to whom."""
    return _signer(purpose).sign("-".join(map(str, (recipient_id, *more))))


def url_of(purpose: str, token: str) -> str:
    """Return the address of a link."""
    return f"{settings.CRM_PUBLIC_URL}{PATHS[purpose]}{token}"


def read_token(purpose: str, token: str) -> list[int] | None:
    """Return the numbers that were signed; None if we did not sign this for that."""
    try:
        return [int(number) for number in _signer(purpose).unsign(token).split("-")]
    except (BadSignature, ValueError):
        return None


def find_recipient(recipient_id: int) -> CampaignRecipient | None:
    """Return a recipient, whosever it is; none of a tenant that is closed."""
    if not 0 < recipient_id < LARGEST:
        return None
    with across_tenants():
        rows = CampaignRecipient.objects.select_related("campaign", "tenant")
        found: CampaignRecipient | None = rows.filter(
            pk=recipient_id, tenant__is_active=True
        ).first()
        return found
