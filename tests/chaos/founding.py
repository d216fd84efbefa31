"""The tenants of a run, founded before anything goes wrong."""

from __future__ import annotations

import secrets
from typing import Any

import requests

from tests.chaos.desk import House
from tests.chaos.product import Product
from tests.chaos.receivers import Hook

EVENTS = [
    *("prospect.created", "prospect.moved", "contact.created", "company.created"),
    *("deal.created", "deal.updated", "deal.won", "deal.lost", "form.submitted"),
    *("quote.created", "quote.sent", "invoice.created", "invoice.sent", "invoice.paid"),
    *("payment.created", "payment.refunded", "campaign.sent"),
]


def found(product: Product, slug: str, hook: Hook) -> House:
    """A tenant with a pipeline, a form, and a system of its own that wants to know."""
    session = requests.Session()

    def ask(method: str, path: str, body: object = None) -> Any:
        answer = session.request(method, f"{product.url}{path}", json=body, timeout=60)
        assert answer.ok, answer.text
        return answer.json()

    ada = {"name": "Ada", "email": f"ada@{slug}.test", "tenant_name": slug}
    password = secrets.token_urlsafe(12)
    words = {"password": password, "password_confirmation": password}
    token = ask("POST", "/api/v1/auth/register", ada | words)["token"]
    session.headers["Authorization"] = f"Bearer {token}"
    ask("POST", "/api/v1/webhooks", {"url": hook.url(slug), "events": EVENTS})
    form = ask("POST", "/api/v1/forms", {"name": "Contact", "min_seconds": 0})["data"]
    pipeline = ask("GET", "/api/v1/pipelines")["data"][0]
    categories = product.ask(
        "SELECT c.id FROM prospects_followupcategory AS c JOIN accounts_tenant AS t"
        " ON t.id = c.tenant_id WHERE t.slug = %s ORDER BY c.id",
        slug,
    )
    stages = [stage["id"] for stage in pipeline["stages"]]
    return House(
        slug, token, pipeline["id"], stages, [row[0] for row in categories], form["api_key"]
    )
