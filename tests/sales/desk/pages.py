"""The pages of documents in the back office, as a browser uses them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from tests.people import Person
from tests.staff import filled_in, signed_in


def page(kind: str, name: str, *args: Any) -> str:
    """The address of a page about quotes, invoices, contracts or payments."""
    return reverse(f"admin:sales_{kind}_{name}", args=args)


def lines(*typed: dict[str, Any]) -> dict[str, Any]:
    """What the browser sends of the table of lines."""
    sent: dict[str, Any] = {"items-TOTAL_FORMS": len(typed), "items-INITIAL_FORMS": 0}
    for nth, line in enumerate(typed):
        sent |= {f"items-{nth}-{name}": value for name, value in line.items()}
    return sent


def add(person: Person, kind: str, *typed: dict[str, Any], **fields: Any) -> Any:
    """Fill in the page of a new document; the answer."""
    browser, path = signed_in(person.user), page(kind, "add")
    sent = filled_in(browser.get(path), **fields)
    return browser.post(path, {**sent, **(lines(*typed) if typed else {})})


def change(person: Person, kind: str, pk: int, *typed: dict[str, Any], **fields: Any) -> Any:
    """Change what stands on a document's page; the answer."""
    browser, path = signed_in(person.user), page(kind, "change", pk)
    sent = filled_in(browser.get(path), **fields)
    return browser.post(path, {**sent, **(lines(*typed) if typed else {})})


def act(person: Person, kind: str, action: str, pk: int, **given: Any) -> Any:
    """Confirm an action; the page that it leads to."""
    path = page(kind, action, pk)
    return signed_in(person.user).post(path, given, follow=True)


def totals(person: Person, kind: str, *typed: dict[str, Any], **fields: Any) -> Any:
    """What the page says while these lines are typed."""
    path = page(kind, "totals")
    return signed_in(person.user).post(path, {**lines(*typed), **fields}).json()
