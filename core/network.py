"""Where a request comes from."""

from __future__ import annotations

import ipaddress
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return the caller's IP address.

    X-Forwarded-For is believed only for as many hops as CRM_TRUSTED_PROXIES says stand in front:
    anything further left was written by the caller. What is no address (a proxy's "unknown", a
    Unix socket) counts for nothing.
    """
    direct = request.META.get("REMOTE_ADDR", "")
    hops: int = settings.CRM_TRUSTED_PROXIES
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if hops and len(forwarded) >= hops and is_address(forwarded[-hops]):
        return forwarded[-hops]
    return direct if is_address(direct) else "0.0.0.0"  # noqa: S104 (nobody's address)


def caller_of(request: HttpRequest) -> str:
    """Return whom to count tries of: an IPv4 address, or the /64 that one IPv6 line has to itself.

    Whoever has such a line has 2⁶⁴ addresses to try from.
    """
    return _line_of(client_address(request))


@lru_cache(maxsize=10_000)  # every request is counted
def _line_of(text: str) -> str:
    address = ipaddress.ip_address(text)
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address.packed[:8] + bytes(8), 64)))


@lru_cache(maxsize=10_000)
def is_address(text: str) -> bool:
    """Whether this is an IP address as the database takes it (no port, no zone)."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return "%" not in text
