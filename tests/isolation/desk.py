"""The pages of the back office that are about a row, and what they answer about acme's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from clients.models import Company
from prospects.models import Contact, Prospect
from sales.models import Deal
from tests.back_office.rows_of import a_row_of_each
from tests.isolation.asking import Answer
from tests.isolation.world import UNKNOWN
from tests.kept_teams import kept_team
from tests.people import Team
from tests.staff import make_operator, signed_in

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
REFUSED = {302, 403, 404, 405}  # 302: to where the list or board is, with a word on top
EVERYBODYS = {"prospects.Locale", "sales.Settlement"}
# Pages that stand elsewhere than below their model.
ELSEWHERE: dict[str, Any] = {
    "/admin/prospects/board/": Prospect,
    "/admin/sales/board/": Deal,
    "/admin/sales/invoice/statement/contact/": Contact,
    "/admin/sales/invoice/statement/company/": Company,
}
BESIDE = {"event_id": UNKNOWN, "name": "notes"}  # what a page is told beside its row
NOT_ABOUT_ROWS = re.compile(r"/admin/(r/|\(\?P|\^)|/<path:object_id>/$")  # the last only sends on


@dataclass(frozen=True)
class Page:
    """A page about one row."""

    model: Any
    route: str

    def path(self, pk: Any) -> str:
        """Its address for a row."""
        return PARAMETER.sub(lambda found: str(BESIDE.get(found[1], pk)), self.route)


@dataclass(frozen=True)
class Desk:
    """`rows` are acme's, one of each model; `us` have nothing but what every tenant begins with."""

    acme: Team
    us: Team
    rows: dict[Any, Any]

    def operator(self) -> Client:
        """The browser of an operator who acts for us."""
        browser = signed_in(make_operator())
        browser.post(reverse("admin:choose_tenant"), {"tenant": self.us.tenant.pk})
        return browser


def make_desk() -> Desk:
    """Acme with a row of each kind, and another tenant."""
    acme, us = kept_team("acme"), kept_team("rivals")
    return Desk(acme, us, a_row_of_each(acme))


def pages() -> list[Page]:
    """All pages about a row of a tenant's."""
    found = []
    for route in _routes(get_resolver().url_patterns, "/"):
        if route.startswith("/admin/") and "<" in route and not NOT_ABOUT_ROWS.search(route):
            found.append(Page(_model_of(route), route))
    return [page for page in found if page.model._meta.label not in EVERYBODYS]


def _routes(patterns: Any, prefix: str) -> Iterator[str]:
    for entry in patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield path
        else:
            yield from _routes(entry.url_patterns, path)


def _model_of(route: str) -> Any:
    by_path = {
        f"/admin/{model._meta.app_label}/{model._meta.model_name}/": model
        for model in admin.site._registry
    }
    known = {**by_path, **ELSEWHERE}
    return known[max((start for start in known if route.startswith(start)), key=len)]


def browse(browser: Client, method: str, path: str, sent: Any = None) -> Answer:
    """Open a page, or post to it; what the next one would say on top belongs to the answer."""
    cache.clear()
    browser.cookies.pop("messages", None)
    browser.raise_request_exception = False
    with transaction.atomic():
        answer: Any = getattr(browser, method)(path, sent)
    content = answer.getvalue() if answer.streaming else answer.content
    if answer.status_code == 302:
        said = [str(message) for message in get_messages(answer.wsgi_request)]
        content += "\n".join(said).encode()
    return Answer(answer.status_code, content, answer.headers.get("Location", ""))
