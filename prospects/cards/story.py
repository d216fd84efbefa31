"""A card's page as tabs: its form, what hangs on it, and its past."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from core.back_office_history import changes_of
from prospects.cards.querysets import account_of, company_of, notes_of
from prospects.contacts.models import Contact
from prospects.pipeline.models import Prospect
from prospects.sharing.explaining import accesses_to


def story_of(card: Prospect) -> dict[str, Any]:
    """What a card's page shows before a tab is chosen."""
    company = company_of(card)
    return {
        "company": company,
        "is_late": card.next_contact_at is not None and card.next_contact_at < timezone.now(),
        "parts": [name for name in PARTS if company or name != "company"],
    }


def _contacts_of(card: Prospect, user: Any) -> dict[str, Any]:
    return {"contacts": Contact.objects.filter(prospect=card).order_by("-is_primary", "pk")}


# What hangs on a card, read when its tab is looked at; each is shown by `card_NAME.html`.
PARTS: dict[str, Callable[[Prospect, Any], dict[str, Any]]] = {
    "notes": lambda card, user: {"notes": notes_of(card)},
    "contacts": _contacts_of,
    "company": lambda card, user: account_of(card),
    "access": lambda card, user: {"accesses": accesses_to(card.pk)},
    "changes": lambda card, user: {"changes": changes_of(card, seen_by=user)},
}


def tabs_of(opts: Any, context: dict[str, Any]) -> list[dict[str, Any]]:
    """The tabs over a card's page, as unfold's `tab_list` reads them.

    A tab shows what is bound to its name: `general` the form, a formset's prefix that formset,
    the others the parts of the story.
    """
    named = [
        ("general", _("Card")),
        ("timeline", _("What happened")),
        ("under-way", _("Under way")),
    ]
    named += [("notes", _("Notes")), ("contacts", _("Contacts"))]
    named += [
        (slugify(inline.formset.prefix), inline.opts.verbose_name_plural.capitalize())
        for inline in context["inline_admin_formsets"]
    ]
    if "company" in context["parts"]:
        named.append(("company", _("Company")))
    named += [("access", _("Who sees it")), ("changes", _("Changes"))]
    items = [
        {"title": title, "link": "", "inline": name, "has_permission": True}
        for name, title in named
    ]
    return [{"models": [{"name": str(opts), "detail": True}], "items": items}]
