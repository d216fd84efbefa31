"""How an endpoint is told: one POST, signed as Standard Webhooks says."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import ssl
from collections.abc import Mapping
from datetime import datetime

import httpcore

from accounts.webhooks.connecting import CheckedNetwork
from core.outgoing import Answer, read_retry_after, start_of

SECONDS = 10.0  # for all of it: connecting, sending and what is read of the answer
FAULTS = (
    *(httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError),
    *(httpcore.UnsupportedProtocol, ssl.SSLError, UnicodeError, ValueError),
)
HEADERS = {
    "Content-Type": "application/json",
    "Accept-Encoding": "identity",  # what comes back is cut, not unpacked
    "User-Agent": "CRM-Webhooks/1.0",
}
PREFIX = "whsec_"


def new_secret() -> str:
    """Return a secret that nobody guesses: 32 random bytes."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signature(secret: str, *, message_id: str, timestamp: int, body: bytes) -> str:
    """Return `v1,…`: the HMAC-SHA256 of id, time and body by the secret's bytes."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def signed_headers(secret: str, *, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """Return what a receiver checks: who sent it, when, and that nobody changed it."""
    timestamp = int(at.timestamp())
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(
            secret, message_id=message_id, timestamp=timestamp, body=body
        ),
    }


def post(url: str, *, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send JSON to a tenant's server. Never raises for what the network or the server does.

    Redirects are not followed, private addresses are not called.
    """
    sent = list({**HEADERS, **headers}.items())
    network = CheckedNetwork(seconds=SECONDS)
    try:
        with (
            httpcore.ConnectionPool(network_backend=network) as pool,
            pool.stream("POST", url, headers=sent, content=body) as response,
        ):
            found = {name.lower(): value for name, value in response.headers}
            wait = read_retry_after(found.get(b"retry-after", b"").decode("latin-1"))
            text = start_of(response.iter_stream(), FAULTS)
            return Answer(response.status, text, wait)
    except FAULTS as error:
        return Answer.none(error)
