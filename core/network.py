"""Where a request comes from."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return the caller's IP address.

    X-Forwarded-For is believed only for as many hops as CRM_TRUSTED_PROXIES says stand in front:
    anything further left was written by the caller.
    """
    direct = request.META.get("REMOTE_ADDR", "") or "0.0.0.0"
    hops: int = settings.CRM_TRUSTED_PROXIES
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if hops and len(forwarded) >= hops and forwarded[-hops]:
        return forwarded[-hops][:45]
    return direct
