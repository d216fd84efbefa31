"""docs/tutorial.md does what it says: its snippets, in its order, in a page of another origin."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pyotp
import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import PASSWORD, PATIENCE, SPA, Visitor

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorial.md"
SNIPPET = re.compile(r"^```js\n(.*?)^```$", re.DOTALL | re.MULTILINE)
TOLD = re.compile(r"^(?P<expression>\S.*?); // → (?P<answer>.+)$", re.MULTILINE)
API = "http://127.0.0.1:8000"
DEMO = {"email": "manager@demo.test", "password": PASSWORD}
SCRIPT = """async ({ email, password }) => {
  const differs = [];
  const tell = (line, found, told) => {
    const [was, is] = [JSON.stringify(found), JSON.stringify(told)];
    if (was !== is) differs.push(`${line}: ${was}, not ${is}`);
  };
%s
  return differs;
}"""


def script_of(url: str) -> tuple[str, int]:
    """The snippets as one program that returns what is not as it is told, and how much is told."""
    text = "\n".join(SNIPPET.findall(TUTORIAL.read_text())).replace(API, url)
    numbers = itertools.count(1)

    def compared(match: re.Match[str]) -> str:
        words = repr(match["expression"])
        return f"tell({next(numbers)} + {words}, await ({match['expression']}), {match['answer']});"

    return SCRIPT % TOLD.sub(compared, text), next(numbers) - 1


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page of the application."""
    # Its pages come from no server, so the browser asks whether they may reach one on this machine.
    context = browser.new_context(permissions=["local-network-access"])
    context.route(f"{SPA}/**", lambda route: route.fulfill(body="", content_type="text/html"))
    page = context.new_page()
    page.goto(f"{SPA}/")
    yield page
    context.close()


@pytest.fixture
def with_app(product: str, browser: Browser) -> tuple[dict[str, str], str]:
    """Somebody of a tenant of their own who signs in with codes, and a code for them."""
    person = {"email": f"{uuid4().hex}@spa.test", "password": PASSWORD}
    sent = {**person, "name": "Eva", "tenant_name": "SPA", "password_confirmation": PASSWORD}
    httpx.post(f"{product}/api/v1/auth/register", json=sent, timeout=PATIENCE).raise_for_status()
    visitor = Visitor(browser, product, "laptop")
    try:
        page = visitor.sign_in(person["email"])
        page.goto("/admin/accounts/user/two-factor/")
        secret = page.locator("code").inner_text().replace(" ", "")
        page.fill("input[name=password]", PASSWORD)
        page.fill("input[name=code]", pyotp.TOTP(secret).now())
        page.locator("input[name=code]").press("Enter")
        return person, page.locator("ul.font-mono li").first.inner_text()
    finally:
        visitor.close()


def run(page: Page, url: str, who: dict[str, str]) -> list[str]:
    script, count = script_of(url)
    assert count == TUTORIAL.read_text().count("; // → ")
    return list(page.evaluate(script, who))


class TestTheTutorial:
    def test_tells_what_happens(self, product: str, page: Page) -> None:
        page.expose_function("askForCode", lambda words: pytest.fail(words))
        assert run(page, product, DEMO) == []

    def test_signs_in_with_a_code(self, product: str, page: Page, with_app: Any) -> None:
        person, backup = with_app
        asked: list[str] = []

        def ask(words: str) -> str:
            asked.append(words)
            return "000000" if len(asked) == 1 else backup

        page.expose_function("askForCode", ask)
        assert run(page, product, person) == []
        assert len(asked) == 2
