"""How the back office (Django Admin with django-unfold) looks and is laid out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from core.rights import CHANGE_PROSPECT, CRM_MENU


def _may(permission: str) -> Callable[[Any], bool]:
    return lambda request: bool(request.user.has_perm(permission))


def _sees_calendar(request: Any) -> bool:
    kinds = ("prospects.view_followupnote", "sales.view_activity", "sales.view_event")
    return any(request.user.has_perm(each) for each in kinds)


def _is_operator(request: Any) -> bool:
    return bool(request.user.is_superuser)


def _own_pages(request: Any) -> list[dict[str, Any]]:
    """What is behind one's own name: an operator is nobody's colleague and has no profile."""
    profile = {"title": _("My profile"), "link": reverse_lazy("admin:accounts_user_profile")}
    password = {"title": _("Change password"), "link": reverse_lazy("admin:password_change")}
    two_factor = reverse_lazy("admin:accounts_user_two_factor")
    codes = {"title": _("Two-factor sign-in"), "link": two_factor}
    shortcuts = {"title": _("Keyboard shortcuts"), "link": reverse_lazy("admin:shortcuts")}
    mine = [password, codes, shortcuts]
    return mine if request.user.is_superuser else [profile, *mine]


def _favicon(request: Any) -> str:
    return static("crm_project/favicon.svg")


def _list(title: Any, icon: str, model: str, permission: str = "") -> dict[str, Any]:
    """An entry of the menu: the list of a model, for those who may see it."""
    app, name = model.split(".")
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:{app}_{name}_changelist"),
        "permission": _may(permission or f"{app}.view_{name}"),
    }


NOTIFICATIONS: dict[str, Any] = {
    "title": _("Notifications"),
    "icon": "notifications",
    "link": reverse_lazy("admin:accounts_notification_changelist"),
}
NAVIGATION: list[dict[str, Any]] = [
    {
        "items": [
            {"title": _("Home"), "icon": "home", "link": reverse_lazy("admin:index")},
            {
                "title": _("Calendar"),
                "icon": "calendar_month",
                "link": reverse_lazy("admin:calendar"),
                "permission": _sees_calendar,
            },
        ]
    },
    {
        "title": _("Prospecting"),
        "items": [
            _list(_("Prospects"), "person_search", "prospects.prospect"),
            {
                "title": _("Board of prospects"),
                "icon": "view_kanban",
                "link": reverse_lazy("admin:prospects_board"),
                "permission": _may("prospects.view_prospect"),
            },
            _list(_("Contacts"), "contacts", "prospects.contact"),
            _list(_("Notes"), "sticky_note_2", "prospects.followupnote"),
            _list(_("Shares"), "share", "prospects.prospectuserobjectpermission", CHANGE_PROSPECT),
            _list(_("Imports"), "upload_file", "prospects.importjob"),
            {
                "title": _("Possible duplicates"),
                "icon": "difference",
                "link": reverse_lazy("admin:prospects_prospect_duplicates"),
                "permission": _may("prospects.view_prospect"),
            },
            _list(_("Merges"), "merge", "clients.cardmerge"),
            _list(_("Leads for respond.io"), "forward_to_inbox", "prospects.respondiodelivery"),
            _list(_("Deleted"), "delete", "prospects.deletedprospect", "prospects.delete_prospect"),
        ],
    },
    {
        "title": _("Clients"),
        "items": [
            _list(_("Companies"), "apartment", "clients.company"),
            _list(_("Recharges"), "account_balance_wallet", "clients.accountpayment"),
            _list(_("Shipments"), "package", "clients.shipment"),
            _list(_("Monthly tiers"), "leaderboard", "clients.monthlytier"),
            _list(_("Deleted"), "delete", "clients.deletedcompany", "clients.delete_company"),
        ],
    },
    {
        "title": _("Sales"),
        "items": [
            _list(_("Deals"), "paid", "sales.deal"),
            {
                "title": _("Board of deals"),
                "icon": "view_kanban",
                "link": reverse_lazy("admin:sales_board"),
                "permission": _may("sales.view_deal"),
            },
            _list(_("Activities"), "task_alt", "sales.activity"),
            _list(_("Events"), "event", "sales.event"),
            _list(_("Quotes"), "request_quote", "sales.quote"),
            _list(_("Contracts"), "contract", "sales.contract"),
            _list(_("Invoices"), "receipt_long", "sales.invoice"),
            _list(_("Payments"), "payments", "sales.payment"),
            _list(_("Products"), "inventory_2", "sales.product"),
            _list(_("Deleted"), "delete", "sales.deleteddeal", "sales.delete_deal"),
        ],
    },
    {
        "title": _("Marketing"),
        "items": [
            _list(_("Segments"), "groups", "sales.segment"),
            _list(_("Campaigns"), "campaign", "sales.campaign"),
            _list(_("Web forms"), "dynamic_form", "sales.webform"),
            _list(_("Form submissions"), "inbox", "sales.formsubmission"),
            _list(
                _("Suppressed addresses"),
                "unsubscribe",
                "sales.suppressedaddress",
                "sales.change_suppressedaddress",
            ),
        ],
    },
    {
        "title": _("Analytics"),
        "items": [
            {
                "title": _("Dashboard"),
                "icon": "monitoring",
                "link": reverse_lazy("admin:analytics_dashboard"),
                "permission": _may(CRM_MENU),
            },
            _list(_("Sync log"), "sync", "analytics.synclog"),
            _list(_("Snapshots"), "photo_camera", "analytics.snapshot"),
        ],
    },
    {
        "title": _("Settings"),
        "collapsible": True,
        "items": [
            _list(_("Follow-up categories"), "flag", "prospects.followupcategory"),
            _list(_("Pipelines"), "view_week", "sales.pipeline", "sales.change_pipeline"),
            _list(_("Product categories"), "category", "sales.productcategory"),
            _list(_("Campaigns"), "campaign", "prospects.acquisitioncampaign"),
            _list(_("Lead statuses"), "label", "prospects.leadstatus"),
            _list(_("Services"), "local_shipping", "prospects.service"),
            _list(_("Plan types"), "workspace_premium", "prospects.plantype"),
            _list(_("E-commerce types"), "storefront", "prospects.ecommercetype"),
            _list(_("Weight ranges"), "scale", "prospects.weightrange"),
            _list(_("Contents"), "package_2", "prospects.content"),
            _list(_("Onboarding statuses"), "checklist", "prospects.onboardingstatus"),
            _list(_("Partner types"), "handshake", "prospects.partnertype"),
            _list(_("Partner origins"), "explore", "prospects.partnerorigin"),
            _list(_("Locales"), "public", "prospects.locale"),
            _list(_("Postal codes"), "mail", "sales.settlement"),
            _list(_("respond.io account"), "forum", "prospects.respondioaccount"),
        ],
    },
    {
        "title": _("Accounts"),
        "items": [
            NOTIFICATIONS,
            {
                "title": _("Saved views"),
                "icon": "bookmark",
                "link": reverse_lazy("admin:accounts_savedview_changelist"),
            },
            {
                "title": _("Exports and bulk changes"),
                "icon": "download",
                "link": reverse_lazy("admin:accounts_bulkjob_changelist"),
            },
            _list(_("Users"), "group", "accounts.user"),
            _list(_("Sessions"), "devices", "accounts.session"),
            _list(_("Tenant"), "domain", "accounts.tenant"),
            _list(_("Webhooks"), "webhook", "accounts.webhookendpoint"),
            _list(_("Webhook deliveries"), "outbox", "accounts.webhookdelivery"),
            {
                "title": _("Act for a tenant"),
                "icon": "swap_horiz",
                "link": reverse_lazy("admin:choose_tenant"),
                "permission": _is_operator,
            },
        ],
    },
]

# One entry of the menu for what was deleted of sales; from there to each kind.
DELETED_OF_SALES: dict[str, Any] = {
    "models": [
        f"sales.deleted{kind}" for kind in ("deal", "quote", "invoice", "contract", "payment")
    ],
    "items": [
        _list(_("Deals"), "", "sales.deleteddeal", "sales.delete_deal"),
        _list(_("Quotes"), "", "sales.deletedquote", "sales.delete_quote"),
        _list(_("Contracts"), "", "sales.deletedcontract", "sales.delete_contract"),
        _list(_("Invoices"), "", "sales.deletedinvoice", "sales.delete_invoice"),
        _list(_("Payments"), "", "sales.deletedpayment", "sales.delete_payment"),
    ],
}

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "CRM",
    "SITE_HEADER": "CRM",
    "SITE_SUBHEADER": "crm_project.back_office.tenant_choice.whose",
    "SITE_SYMBOL": "handshake",
    "SITE_FAVICONS": [{"rel": "icon", "href": _favicon, "type": "image/svg+xml"}],
    "STYLES": [
        lambda request: static("back_office/colors.css"),
        lambda request: static("crm_project/shortcuts.css"),
    ],
    "SCRIPTS": [
        lambda request: static("back_office/expressions.js"),
        lambda request: static("back_office/asking.js"),
        lambda request: static("back_office/names.js"),
        lambda request: static("crm_project/shortcuts.js"),
    ],
    "SITE_URL": None,
    "SITE_DROPDOWN": "crm_project.back_office.tenant_choice.tenant_menu",
    "ENVIRONMENT": "crm_project.back_office.tenant_choice.acting_for",
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_LANGUAGES": False,
    "ACCOUNT": {"navigation": _own_pages},
    "DASHBOARD_CALLBACK": "crm_project.back_office.home.fill",
    "TABS": "crm_project.back_office.menu.tabs",
    "SIDEBAR": {
        "show_search": True,
        "command_search": True,
        "navigation": "crm_project.back_office.menu.navigation",
    },
}
