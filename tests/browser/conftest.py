"""The product in a browser: `bin/start` with its demo data, on a laptop's and a phone's screen.

What a test changes, it makes itself (`crm`): the order of the tests does not matter, and the
demo's own rows stay as they are.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.started import product_with_demo

NAMES = ("chromium", "chromium-browser", "google-chrome")
PASSWORD = "demo-crm-2026"
PATIENCE = 60  # seconds that a product just started may think
START = 1800  # seconds that the product may live
SPA = "http://localhost:5173"  # where the pages of an application of its own come from
LAPTOP = {"viewport": {"width": 1366, "height": 768}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SIZES = {"laptop": LAPTOP, "phone": PHONE}


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if _chromium() is None:
        terminalreporter.write_line(
            "NOTICE: no Chromium on this machine; browser tests are skipped"
        )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


def _chromium() -> str | None:
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a product of its own, with the demo tenants."""
    path = tmp_path_factory.mktemp("product") / "data"
    # Each test signs in anew: more often than one person does.
    given = {"CRM_LOGIN_TRIES_PER_MINUTE": "600", "CRM_CORS_ORIGINS": SPA}
    with product_with_demo(path, seconds=START, **given) as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium without a window."""
    path = _chromium()
    if path is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest) -> str:
    """Once on a laptop, once on a phone."""
    return str(request.param)


class Visitor:
    """Opens pages as one of the demo's people and keeps what went wrong in them."""

    def __init__(self, browser: Browser, url: str, size: str) -> None:
        self.browser, self.url, self.size = browser, url, size
        self.contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def as_guest(self) -> Page:
        """A page of nobody, with a memory of its own."""
        settings = {**SIZES[self.size], "base_url": self.url, "locale": "en-GB"}
        context = self.browser.new_context(**settings)
        self.contexts.append(context)
        page = context.new_page()
        self._listen(page)
        return page

    def sign_in(self, email: str) -> Page:
        """A page of who signed in with the form."""
        page = self.as_guest()
        page.goto("/admin/login/")
        page.fill("input[name=username]", email)
        page.fill("input[name=password]", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_url(f"{self.url}/admin/")
        return page

    def _listen(self, page: Page) -> None:
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("request", self._ask)

    def _hear(self, message: Any) -> None:
        if message.type == "error":
            self.complaints.append(f"{message.location.get('url')}: {message.text}")

    def _ask(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https"} and parts.netloc != urlsplit(self.url).netloc:
            self.complaints.append(f"asks another host: {request.url}")

    def forgive(self, words: str) -> None:
        """A test that provokes a refusal takes back the browser's complaint of it."""
        kept = [each for each in self.complaints if words not in each]
        assert len(kept) < len(self.complaints), f"nothing complains of {words!r}"
        self.complaints = kept

    def close(self) -> None:
        for context in self.contexts:
            context.close()


@pytest.fixture
def visitor(product: str, browser: Browser, size: str) -> Iterator[Visitor]:
    """Signs people in; afterwards no page may have complained or asked another host."""
    visitor = Visitor(browser, product, size)
    yield visitor
    visitor.close()
    assert visitor.complaints == []


@pytest.fixture
def crm(product: str) -> Iterator[Callable[..., httpx.Client]]:
    """A client of the API as one of the demo's people, to make what a test needs."""
    opened = []

    def client(email: str = "manager@demo.test") -> httpx.Client:
        given = {"email": email, "password": PASSWORD}
        opened.append(httpx.Client(base_url=product, timeout=PATIENCE))
        answer = opened[-1].post("/api/v1/auth/login", json=given).raise_for_status()
        opened[-1].headers["Authorization"] = f"Bearer {answer.json()['token']}"
        return opened[-1]

    yield client
    for each in opened:
        each.close()
