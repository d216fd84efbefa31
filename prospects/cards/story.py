"""A card's page as tabs: its form, what hangs on it, and its past."""

from __future__ import annotations

from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from prospects.cards.history import changes_of
from prospects.cards.querysets import account_of, notes_of
from prospects.contacts.models import Contact
from prospects.pipeline.models import Prospect
from prospects.sharing.explaining import accesses_to


def story_of(card: Prospect) -> dict[str, Any]:
    """What the template of the story shows."""
    contacts = Contact.objects.filter(prospect=card).order_by("-is_primary", "pk")
    story: dict[str, Any] = {"accesses": accesses_to(card.pk)}
    story |= {"notes": notes_of(card), "contacts": contacts, "changes": changes_of(card)}
    return {**story, **account_of(card)}


def tabs_of(opts: Any, context: dict[str, Any]) -> list[dict[str, Any]]:
    """The tabs over a card's page, as unfold's `tab_list` reads them.

    A tab shows what is bound to its name: `general` the form, a formset's prefix that formset,
    the others the parts of the story.
    """
    named = [("general", _("Card")), ("notes", _("Notes")), ("contacts", _("Contacts"))]
    named += [
        (slugify(inline.formset.prefix), inline.opts.verbose_name_plural.capitalize())
        for inline in context["inline_admin_formsets"]
    ]
    if "company" in context:
        named.append(("company", _("Company")))
    named += [("access", _("Who sees it")), ("changes", _("Changes"))]
    items = [
        {"title": title, "link": "", "inline": name, "has_permission": True}
        for name, title in named
    ]
    return [{"models": [{"name": str(opts), "detail": True}], "items": items}]
