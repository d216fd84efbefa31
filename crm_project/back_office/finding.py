"""One box that finds everything: cards, people, deals by name, documents by number, pages."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from unfold.dataclasses import SearchResult

from clients.models import Company
from core.back_office_recent import opened_by
from core.tenancy import current_tenant
from prospects.models import Contact, Prospect
from prospects.pipeline.searching import search_pattern
from sales.models import Contract, Deal, Invoice, Quote

EACH = 6  # of a kind
LONGEST = 100  # characters that are looked for
NUMBER = re.compile(r"(?:(cot|fac|ctr)\s*-?\s*)?0*(\d{1,9})", re.IGNORECASE)
Found = tuple[Any, SearchResult]
DOCUMENTS: tuple[Any, ...] = (Quote, Invoice, Contract)
ICONS = {"quote": "request_quote", "invoice": "receipt_long", "contract": "contract"}


def search(request: Any, site: Any) -> HttpResponse:
    """Answer what the box asks while one types: rows, then pages by name; before, what was opened
    last. Nothing of it is kept."""
    text = request.GET.get("s", "").strip()[:LONGEST]
    rows: Iterable[Found] = ()
    if current_tenant() is not None:
        rows = rows_found(request.user, text) if text else opened_lately(request.user)
    pages = site._search_apps(site.get_app_list(request), text.lower()) if text else ()
    results = [*(shown for _row, shown in rows), *pages]
    return TemplateResponse(request, "crm_project/found.html", {"results": results, "text": text})


def rows_found(user: Any, text: str) -> Iterator[Found]:
    """Yield what a user may see of what holds a text: a few of each kind, documents first.

    Each with how it is shown.
    """
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
        yield from _shown(_deal, deals[:EACH])


def opened_lately(user: Any) -> Iterator[Found]:
    """Yield what a user opened last, of what they may still see: a statement for each kind."""
    opened = opened_by(user.pk)
    ids: dict[str, list[int]] = defaultdict(list)
    for label, pk in opened:
        ids[label].append(pk)
    found: dict[Any, Any] = {}
    for label in ids.keys() & KINDS.keys():
        kind = KINDS[label]
        if user.has_perm(f"{kind.model._meta.app_label}.view_{kind.model._meta.model_name}"):
            rows = kind.model.objects.visible_to(user).filter(pk__in=ids[label])
            found |= {(label, row.pk): row for row in rows.select_related(*kind.related)}
    for each in opened:
        if each in found:
            yield found[each], KINDS[each[0]].shown(found[each])


def _shown(shape: Callable[[Any], SearchResult], rows: Iterable[Any]) -> Iterator[Found]:
    return ((row, shape(row)) for row in rows)


def _cards(user: Any, pattern: str) -> Iterator[Found]:
    cards = Prospect.objects.visible_to(user).filter(search_text__like=pattern)
    yield from _shown(_card, cards.select_related("category")[:EACH])


def _card(card: Any) -> SearchResult:
    named = card.name if card.company_name else ""
    details = [str(card.get_type_display()), named, str(card.category)]
    return _result(card, str(card), " · ".join(filter(None, details)), "view_kanban")


def _people(user: Any, pattern: str) -> Iterator[Found]:
    """People beside the primary ones, who are found by their cards."""
    people = Contact.objects.visible_to(user).filter(is_primary=False, search_text__gt="")
    found = people.filter(search_text__like=pattern).select_related("prospect")
    yield from _shown(_person, found[:EACH])


def _person(person: Any) -> SearchResult:
    about = str(person.prospect) if person.prospect else person.email
    return _result(person, str(person), f"{_('Contact')} · {about}", "contacts")


def _company(company: Any) -> SearchResult:
    return _result(company, str(company), str(company._meta.verbose_name), "apartment")


def _deal(deal: Any) -> SearchResult:
    return _result(deal, deal.name, f"{_('Deal')} · {deal.stage}", "paid")


def _documents(user: Any, kind: str, number: int) -> Iterator[Found]:
    for model in DOCUMENTS:
        if kind in ("", model.KIND) and user.has_perm(f"sales.view_{model._meta.model_name}"):
            rows = model.objects.visible_to(user).filter(number=number)
            yield from _shown(_document, rows.select_related("contact"))


def _document(row: Any) -> SearchResult:
    about = f"{row._meta.verbose_name} · {row.contact}"
    return _result(row, row.number_text, about, ICONS[row._meta.model_name])


def _result(row: Any, title: str, description: str, icon: str) -> SearchResult:
    link = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=(row.pk,))
    return SearchResult(title=title, description=description, link=link, icon=icon)


class Kind(NamedTuple):
    """Rows of one kind in the box: what is read beside them, and how they are shown."""

    model: Any
    related: tuple[str, ...]
    shown: Callable[[Any], SearchResult]


KINDS = {
    kind.model._meta.label_lower: kind
    for kind in (
        Kind(Prospect, ("category",), _card),
        Kind(Contact, ("prospect",), _person),
        Kind(Company, ("prospect",), _company),
        Kind(Deal, ("stage",), _deal),
        *(Kind(model, ("contact",), _document) for model in DOCUMENTS),
    )
}
