"""How often somebody may try to sign in, at whichever door."""

from __future__ import annotations

from django.conf import settings

from core.api.throttling import Limit, hit_all

# Beside the limit for one account from one address: many accounts from one address (an office may
# share it), and one account from many addresses.
PER_ADDRESS, PER_ACCOUNT = 10, 5  # times the limit
CODES_PER_MINUTE, CODES_PER_DAY = 5, 100
DAY = 24 * 60 * 60  # seconds


def count_try(address: str, email: str) -> None:
    """Count a password that somebody tries.

    :raises Throttled: there were too many in this minute.
    """
    limit = settings.CRM_LOGIN_TRIES_PER_MINUTE
    hit_all(
        Limit("login", (address, email), limit),
        Limit("login-address", (address,), limit * PER_ADDRESS),
        Limit("login-account", (email,), limit * PER_ACCOUNT),
    )


def count_code(email: str) -> None:
    """Count a code that somebody tries: they are short, and would be guessed.

    :raises Throttled: there were too many in this minute, or on this day.
    """
    hit_all(
        Limit("code", (email,), CODES_PER_MINUTE),
        Limit("code-day", (email,), CODES_PER_DAY, DAY),
    )
