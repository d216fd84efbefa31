"""One box that finds everything: cards, people, deals by name, documents by number, pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from unfold.dataclasses import SearchResult

from core.tenancy import current_tenant
from prospects.models import Contact, Prospect
from prospects.pipeline.searching import search_pattern
from sales.models import Contract, Deal, Invoice, Quote

EACH = 6  # of a kind
LONGEST = 100  # characters that are looked for
NUMBER = re.compile(r"(?:(cot|fac|ctr)\s*-?\s*)?0*(\d{1,9})", re.IGNORECASE)
DOCUMENTS: tuple[Any, ...] = (Quote, Invoice, Contract)
ICONS = {"quote": "request_quote", "invoice": "receipt_long", "contract": "contract"}


def search(request: Any, site: Any) -> HttpResponse:
    """Answer what the box asks while one types: pages by name, then rows. Nothing is kept."""
    text = request.GET.get("s", "").strip()[:LONGEST]
    if not text:
        return HttpResponse()
    results = site._search_apps(site.get_app_list(request), text.lower())
    if current_tenant() is not None:
        results = [*rows_found(request.user, text), *results]
    return TemplateResponse(request, "crm_project/found.html", {"results": results})


def rows_found(user: Any, text: str) -> Iterator[SearchResult]:
    """Yield what a user may see of what holds a text: a few of each kind, documents first."""
    number = NUMBER.fullmatch(text)
    if number:
        yield from _documents(user, (number[1] or "").upper(), int(number[2]))
    pattern = search_pattern(text)
    if pattern is None:
        return
    if user.has_perm("prospects.view_prospect"):
        yield from _cards(user, pattern)
    if user.has_perm("prospects.view_contact"):
        yield from _people(user, pattern)
    if user.has_perm("sales.view_deal"):
        deals = Deal.objects.visible_to(user).search(text).select_related("stage")
        for deal in deals[:EACH]:
            yield _result(deal, deal.name, f"{_('Deal')} · {deal.stage}", "paid")


def _cards(user: Any, pattern: str) -> Iterator[SearchResult]:
    cards = Prospect.objects.visible_to(user).filter(search_text__like=pattern)
    for card in cards.select_related("category")[:EACH]:
        named = card.name if card.company_name else ""
        details = [str(card.get_type_display()), named, str(card.category)]
        yield _result(card, str(card), " · ".join(filter(None, details)), "view_kanban")


def _people(user: Any, pattern: str) -> Iterator[SearchResult]:
    """People beside the primary ones, who are found by their cards."""
    people = Contact.objects.visible_to(user).filter(is_primary=False, search_text__gt="")
    for person in people.filter(search_text__like=pattern).select_related("prospect")[:EACH]:
        about = str(person.prospect) if person.prospect else person.email
        yield _result(person, str(person), f"{_('Contact')} · {about}", "contacts")


def _documents(user: Any, kind: str, number: int) -> Iterator[SearchResult]:
    for model in DOCUMENTS:
        name = model._meta.model_name
        if kind in ("", model.KIND) and user.has_perm(f"sales.view_{name}"):
            rows = model.objects.visible_to(user).filter(number=number)
            for row in rows.select_related("contact"):
                about = f"{model._meta.verbose_name} · {row.contact}"
                yield _result(row, row.number_text, about, ICONS[name])


def _result(row: Any, title: str, description: str, icon: str) -> SearchResult:
    link = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=(row.pk,))
    return SearchResult(title=title, description=description, link=link, icon=icon)
