"""What the tests of accounts share: a stranger's client and how a session stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

ME = "/api/v1/auth/me"


@pytest.fixture
def stranger() -> APIClient:
    """Somebody without a token."""
    return APIClient()


@pytest.fixture
def post(stranger: APIClient) -> Callable[..., Any]:
    """Send JSON without a token: `post("login", email=…)`."""

    def send(action: str, **body: Any) -> Any:
        return stranger.post(f"/api/v1/auth/{action}", body, format="json")

    return send


@pytest.fixture
def opens(stranger: APIClient) -> Callable[[str], bool]:
    """Whether a token lets its holder in."""

    def ask(token: str) -> bool:
        status = stranger.get(ME, HTTP_AUTHORIZATION=f"Bearer {token}").status_code
        assert status in (200, 401)
        return status == 200

    return ask
