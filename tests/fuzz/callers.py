"""Who asks: a person of each role, a stranger, and the scheduler with a token of its own."""

from __future__ import annotations

from typing import Any

import requests

PASSWORD = "demo-crm-2026"
EMAILS = {
    "admin": "admin@demo.test",
    "manager": "manager@demo.test",
    "sales": "ana@demo.test",
    "viewer": "viewer@demo.test",
    "outsider": "admin@demo-two.test",
}


class Callers:
    """Tokens of the demo's people."""

    def __init__(self, url: str, cron_token: str) -> None:
        self.url, self.cron_token = url, cron_token
        self.session = requests.Session()
        self.session.trust_env = False  # no proxy between us
        self.tokens = {role: self.sign_in(role)["token"] for role in EMAILS}
        self.ids = {self.me(role)["id"] for role in EMAILS}

    def sign_in(self, role: str) -> dict[str, Any]:
        """Open one more session."""
        body = {"email": EMAILS[role], "password": PASSWORD}
        answer = self.session.post(f"{self.url}/api/v1/auth/login", json=body, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def me(self, role: str) -> dict[str, Any]:
        """Who they are; raises when their session is over."""
        headers = self.headers_of(role)
        answer = self.session.get(f"{self.url}/api/v1/auth/me", headers=headers, timeout=60)
        answer.raise_for_status()
        return answer.json()["data"]

    def headers_of(self, role: str, *, is_last: bool = False) -> dict[str, str]:
        """What a caller sends.

        :param is_last: whether the session will be over, so that it is one of its own.
        """
        if role == "stranger":
            return {}
        if role == "cron":
            return {"Authorization": f"Bearer {self.cron_token}"}
        token = self.sign_in(role)["token"] if is_last else self.tokens[role]
        return {"Authorization": f"Bearer {token}"}
