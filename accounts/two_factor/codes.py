"""The numbers that an authenticator app shows (RFC 6238), and codes for who has lost it."""

from __future__ import annotations

import hmac
import re
import secrets
from datetime import datetime

import pyotp
import segno
from django.utils.crypto import salted_hmac

ISSUER = "CRM"
SECONDS = 30  # for which a code is shown
LEEWAY = 1  # codes before and after: clocks differ
BACKUP_CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another
SIX_DIGITS = re.compile(r"[0-9]{6}")


def new_secret() -> str:
    """Return a secret that nobody guesses, as apps read it (base 32)."""
    return pyotp.random_base32()


def normalized(code: str) -> str:
    """Return a code as it was meant: people type spaces and dashes."""
    return re.sub(r"[\s-]", "", code).lower()


def step_of(secret: str, code: str, at: datetime) -> int | None:
    """Return the step (30 seconds since 1970) in which an app shows this code, or None: it does
    not, around that moment."""
    if not SIX_DIGITS.fullmatch(code):
        return None
    app, now = pyotp.TOTP(secret), int(at.timestamp()) // SECONDS
    steps = range(now - LEEWAY, now + LEEWAY + 1)
    return next((each for each in steps if hmac.compare_digest(app.generate_otp(each), code)), None)


def new_backup_codes() -> list[str]:
    """Return codes of 10 letters and digits, for a sheet of paper."""
    drawn = ("".join(secrets.choice(LETTERS) for _ in range(10)) for _ in range(BACKUP_CODES))
    return [f"{each[:5]}-{each[5:]}" for each in drawn]


def hash_of(backup_code: str) -> str:
    """What is kept of a backup code. They are drawn, not chosen: a quick hash is enough."""
    key = salted_hmac("accounts.backup_code", normalized(backup_code), algorithm="sha256")
    return key.hexdigest()


def picture_of(secret: str, email: str) -> str:
    """Return the QR code, as SVG, that an app reads to know the secret."""
    address = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)
    return segno.make(address, micro=False).svg_inline(scale=4, border=4, light="#fff")
