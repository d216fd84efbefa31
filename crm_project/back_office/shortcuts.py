"""Keys that lead through the back office, and the sheet that lists them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

# Pressed after "g": where it leads, what it is called, the right that it takes.
PLACES = (
    ("h", "index", _("Home"), ""),
    ("c", "calendar", _("Calendar"), "prospects.view_prospect"),
    ("b", "prospects_board", _("Board of prospects"), "prospects.view_prospect"),
    ("p", "prospects_prospect_changelist", _("Prospects"), "prospects.view_prospect"),
    ("t", "prospects_contact_changelist", _("Contacts"), "prospects.view_contact"),
    ("e", "clients_company_changelist", _("Companies"), "clients.view_company"),
    ("v", "sales_board", _("Board of deals"), "sales.view_deal"),
    ("d", "sales_deal_changelist", _("Deals"), "sales.view_deal"),
    ("a", "sales_activity_changelist", _("Activities"), "sales.view_activity"),
    ("q", "sales_quote_changelist", _("Quotes"), "sales.view_quote"),
    ("i", "sales_invoice_changelist", _("Invoices"), "sales.view_invoice"),
)
# Pressed after "n": what is made.
NEW = (
    ("p", "prospects_prospect_add", _("Prospect"), "prospects.add_prospect"),
    ("t", "prospects_contact_add", _("Contact"), "prospects.add_contact"),
    ("d", "sales_deal_add", _("Deal"), "sales.add_deal"),
    ("a", "sales_activity_add", _("Activity"), "sales.add_activity"),
    ("q", "sales_quote_add", _("Quote"), "sales.add_quote"),
)


def shortcuts_urls() -> list[URLPattern]:
    """Pages inside the back office's site."""
    return [path("shortcuts/", admin.site.admin_view(sheet), name="shortcuts")]


def sheet(request: Any) -> HttpResponse:
    """Show the keys; a script takes them from this page, too, and opens the sheet anywhere."""
    groups = (("g", _("Go to"), PLACES), ("n", _("New"), NEW))
    shown = {
        **admin.site.each_context(request),
        "title": _("Keyboard shortcuts"),
        "groups": [(key, title, _for(request.user, rows)) for key, title, rows in groups],
    }
    return TemplateResponse(request, "crm_project/shortcuts.html", shown)


def _for(user: Any, rows: Any) -> list[tuple[str, str, Any]]:
    return [
        (key, reverse(f"admin:{name}"), title)
        for key, name, title, right in rows
        if not right or user.has_perm(right)
    ]
