"""The chapters of the API's documentation."""

from __future__ import annotations

# By what paths begin with; of several the longest holds.
CHAPTERS: dict[str, tuple[str, str]] = {
    "/prospects": ("Prospects", "Cards of the pipeline: created, read, changed, deleted."),
    "/prospects/list": ("Board", "The board, the table, the figures and the calendar of cards."),
    "/prospects/{id}/notes": ("Follow-up", "What was done with a card, and what comes next."),
    "/prospects/{id}/contacts": ("People of a card", "Who is to be talked to about a card."),
    "/prospects/locations": ("Places", "Where a card's company is."),
    "/prospects/{id}/shares": (
        "Sharing",
        "Cards shown to colleagues; who sees one, and why.",
    ),
    "/prospects/{id}/merge": ("Duplicates", "Cards that may be the same: found, merged, unmerged."),
    "/prospects/imports": ("Imports", "Files of cards: planned, looked at, applied, taken back."),
    "/prospects/client-analytics": ("Analytics", "The dashboard's figures and the leads behind."),
    "/clients": ("Clients", "Companies that cards became, by the company's id."),
    "/clients/{id}/onboarding": ("Onboarding", "How a client starts."),
    "/clients/{id}/integrations": ("Integrations", "A client's shops and systems."),
    "/api/v1/auth": ("Sign-in", "Tokens, passwords, and who one is."),
    "/api/v1/users": ("Users", "Colleagues: listed, invited, deactivated."),
    "/api/v1/tenant": ("Tenant", "The company that uses this CRM."),
    "/api/v1/webhooks": ("Webhooks", "Systems of one's own that are told what happens."),
    "/api/v1/notifications": ("Notifications", "What the caller was told."),
    "/api/v1/dashboard": ("Dashboard", "What a salesperson looks at first: sums of the sales API."),
    "/api/v1/contacts": ("Contacts", "All people, of cards or alone, and notes about them."),
    "/api/v1/companies": ("Companies", "Companies, each with its card."),
    "/api/v1/pipelines": ("Pipelines", "Pipelines of deals and their stages."),
    "/api/v1/deals": ("Deals", "Deals, their board, and how they move."),
    "/api/v1/activities": ("Activities", "What people are to do, about whom."),
    "/api/v1/products": ("Products", "What is sold, with pictures and categories."),
    "/api/v1/quotes": ("Quotes", "Offers: written, sent, approved or rejected."),
    "/api/v1/contracts": ("Contracts", "Contracts: written, sent, signed."),
    "/api/v1/invoices": ("Invoices", "Invoices: written, sent, paid."),
    "/api/v1/payments": ("Payments", "Payments of invoices, and refunds."),
    "/api/v1/events": ("Events", "Events, who is invited, answers and who came."),
    "/api/v1/segments": ("Segments", "Groups of people, by conditions or put in by hand."),
    "/api/v1/campaigns": ("Campaigns", "Mails to segments: tested, scheduled, sent, stopped."),
    "/api/v1/forms": ("Forms", "Web forms and what visitors sent by them."),
    "/api/forms": ("Public forms", "What a page with a form calls. No token is needed."),
    "/api/copomex": ("Postal codes", "Mexico's postal codes. No token is needed."),
}
SAME = {
    "/prospects/grouped": "/prospects/list",
    "/prospects/kpis": "/prospects/list",
    "/prospects/activities": "/prospects/list",
    "/prospects/catalogs": "/prospects/list",
    "/prospects/{id}/locations": "/prospects/locations",
    "/prospects/{id}/access": "/prospects/{id}/shares",
    "/prospects/{id}/duplicates": "/prospects/{id}/merge",
    "/prospects/{id}/unmerge": "/prospects/{id}/merge",
    "/crm/analytics": "/prospects/client-analytics",
    "/clients/integrations": "/clients/{id}/integrations",
    "/api/v1/product-categories": "/api/v1/products",
}
TAGS = [{"name": name, "description": text} for name, text in CHAPTERS.values()]


def chapter_of(path: str) -> str:
    """Return the tag of an operation.

    :raises ValueError: no chapter is about such paths.
    """
    begin = max(filter(path.startswith, (*CHAPTERS, *SAME)), key=len, default="")
    if not begin:
        raise ValueError(f"{path} is in no chapter of crm_project/openapi/tags.py")
    return CHAPTERS[SAME.get(begin, begin)][0]
