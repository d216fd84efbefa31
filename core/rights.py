"""The rights beside add, change, delete and view on models: the contract's, and those of lists."""

from __future__ import annotations

CRM_ACCESS = "accounts.crm-access"
CRM_MENU = "accounts.crm-menu"
CRM_PARTNERS = "accounts.crm-partners"
ALL_PROSPECTS = "accounts.all-prospects"
CHANGE_PROSPECT = "prospects.change_prospect"
SHARE_VIEWS = "accounts.share-views"
EXPORT = "accounts.export-rows"
