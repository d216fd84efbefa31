"""Every foreign key, tried in SQL: the database itself refuses a link to another tenant's row.

That each link of a model is a key of two columns, tests/test_tenancy.py reads from the catalogue.
Here each key that the database has is tried, with a row of ours first, which it takes.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.isolation.keys import (
    Key,
    columns_like_links,
    keys,
    link,
    tables_of_tenants,
    without_rules,
)
from tests.people import Team

TENANT = "accounts_tenant"
SAME_TENANT = {("tenant_id", "tenant_id"), ("id", "tenant_id")}  # the latter: of the tenant itself
# Keys of tables without a tenant to rows of one: table → why.
OF_NO_TENANT = {
    "accounts_twofactor": "Operators have it, too; it is found by way of its user alone.",
    "accounts_user_groups": "Django's own. Groups are not used: rights come from the role.",
    "accounts_user_user_permissions": "Django's own. It links to the list of rights, all alike.",
    "django_admin_log": "Django's own, of who signed in to the back office. Nothing shows it.",
    "guardian_userobjectpermission": "Not used: shares are rows of a tenant's table.",
}
COPIED = ("category", "content", "locale", "owner", "prospect", "record")
EXTERNAL = ("clients_accountpayment", "clients_shipment", "prospects_prospect")
# Columns of tenants' tables that look like links and are none.
NO_LINKS = {
    **dict.fromkeys(
        (f"analytics_lead.{name}_id" for name in COPIED),
        "A copy of the card's, made anew when the card changes: sync reads tenant by tenant.",
    ),
    "analytics_removal.prospect_id": "A card that is no more.",
    "analytics_snapshot.locale_ids": "Countries are everybody's.",
    "prospects_cardcount.locale_id": "The same.",
    "prospects_importrow.prospect_id": "The record of an import stays when its cards are gone.",
    "clients_cardmerge.promoted_contact_id": "The ledger of a merge stays when people are gone.",
    "clients_cardmerge.demoted_contact_id": "The same.",
    "clients_movedrows.row_ids": "The same.",
    "core_tally.user_id": "0 for the whole tenant; counts of people who are gone do no harm.",
    "accounts_webhookdelivery.object_id": "What was told stays when its row is gone.",
    **dict.fromkeys(("accounts_tenant.tax_id", "clients_company.tax_id"), "The tax office's."),
    **dict.fromkeys((f"{table}.external_id" for table in EXTERNAL), "The id in another system."),
    **dict.fromkeys(
        ("sales_documentmail.message_id", "sales_eventmail.message_id"), "The mail's own."
    ),
}


def held(found: list[Key]) -> Iterator[Key]:
    """Those between two rows of a tenant's."""
    tenants = tables_of_tenants()
    return (key for key in found if {key.table, key.target} <= tenants and key.target != TENANT)


def wrong_with(key: Key, us: int, acme: int) -> str:
    """What is wrong with a key, in words."""
    if (key.columns[0], key.pointed_at[0]) not in SAME_TENANT:
        return "does not compare the tenant"
    if refused := link(key, us, of=us):
        return f"refuses a row of ours: {refused}"
    return "" if link(key, us, of=acme) else "takes another tenant's row"


@pytest.mark.usefixtures("db")
class TestEveryKey:
    def test_takes_no_row_of_another_tenant(self, team: Team, rivals: Team) -> None:
        us, acme = rivals.tenant.pk, team.tenant.pk
        tried = list(held(keys()))
        with without_rules():
            wrong = {key.name: wrong_with(key, us, acme) for key in tried}
        assert {name: words for name, words in wrong.items() if words} == {}
        assert len(tried) > 100

    def test_of_a_table_without_a_tenant_is_listed(self) -> None:
        tenants = tables_of_tenants()
        loose = {k.table for k in keys() if k.target in tenants and k.table not in tenants}
        assert loose == set(OF_NO_TENANT)

    def test_is_there_for_every_column_that_looks_like_a_link(self) -> None:
        linked = {(key.table, column) for key in keys() for column in key.columns}
        loose = {f"{table}.{column}" for table, column in columns_like_links() - linked}
        assert loose == set(NO_LINKS)
