"""What each role may do: Django permissions, by role."""

from __future__ import annotations

from functools import cache

from django.apps import apps

from core.rights import (
    ALL_PROSPECTS,
    CRM_ACCESS,
    CRM_MENU,
    CRM_PARTNERS,
    EXPORT,
    SHARE_VIEWS,
)

ADMIN, MANAGER, SALES, VIEWER = "admin", "manager", "sales", "viewer"

CRM_CODES = frozenset((CRM_ACCESS, CRM_MENU, CRM_PARTNERS, ALL_PROSPECTS))
LIST_CODES = frozenset((SHARE_VIEWS, EXPORT))
BUSINESS_APPS = ("prospects", "clients", "sales", "analytics")

# What a salesperson adds and changes; everything else of the business they only view.
SALES_MODELS = frozenset(
    (
        "prospect",
        "followupnote",
        "teamassignment",
        "contact",
        "location",
        "partnerdata",
        "company",
        "deal",
        "activity",
        "quote",
        "quoteitem",
        "event",
    )
)
# What a tenant's admin manages beside the business.
ADMIN_ACCOUNT_CODES = frozenset(
    f"accounts.{verb}_{model}"
    for verb, model in (
        ("view", "tenant"),
        ("change", "tenant"),
        ("view", "user"),
        ("add", "user"),
        ("change", "user"),
        ("view", "session"),
        ("change", "session"),
        *((verb, "webhookendpoint") for verb in ("view", "add", "change", "delete")),
        ("view", "webhookdelivery"),
    )
)


def _codes(verbs: str, only: frozenset[str] | None = None) -> frozenset[str]:
    return frozenset(
        f"{model._meta.app_label}.{verb}_{model._meta.model_name}"
        for label in BUSINESS_APPS
        if apps.is_installed(label)
        for model in apps.get_app_config(label).get_models()
        for verb in verbs.split()
        if only is None or model._meta.model_name in only
    )


@cache
def role_codes(role: str) -> frozenset[str]:
    """Return the permission codes (`app.codename`) that a role grants."""
    everything = _codes("view add change delete")
    grants = {
        ADMIN: everything | CRM_CODES | LIST_CODES | ADMIN_ACCOUNT_CODES,
        MANAGER: everything | CRM_CODES | LIST_CODES | {"accounts.view_user"},
        SALES: _codes("view") | _codes("add change", SALES_MODELS) | {CRM_ACCESS, CRM_MENU, EXPORT},
        VIEWER: _codes("view") | {CRM_ACCESS, CRM_MENU, ALL_PROSPECTS},
    }
    return frozenset(grants.get(role, ()))
