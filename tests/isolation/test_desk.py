"""Every page of the back office that is about a row, opened by those for whom it is not there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.admin import site
from django.test import Client, RequestFactory
from django.urls import resolve

from accounts.models import Tenant, User
from core.tenancy import tenant_scope
from tests.isolation.desk import REFUSED, Desk, Page, browse, pages
from tests.isolation.stores import contents_of
from tests.isolation.world import undone, unknown
from tests.staff import signed_in

PARTS = 3
pytestmark = pytest.mark.usefixtures("unpainted")
PAGES = pages()
# Kinds of rows that a salesperson sees only of their own and of what is shared with them.
HIDDEN = {
    "accounts.BulkJob",
    "accounts.Notification",
    "clients.AccountPayment",
    "clients.CardMerge",
    "clients.Company",
    "clients.DeletedCompany",
    "clients.MonthlyTier",
    "clients.Shipment",
    "prospects.Contact",
    "prospects.DeletedProspect",
    "prospects.FollowUpNote",
    "prospects.ImportJob",
    "prospects.Prospect",
    "prospects.ProspectUserObjectPermission",
    "prospects.RespondioDelivery",
    "sales.Activity",
    "sales.CampaignRecipient",
    "sales.Contract",
    "sales.Deal",
    "sales.DeletedContract",
    "sales.DeletedDeal",
    "sales.DeletedInvoice",
    "sales.DeletedPayment",
    "sales.DeletedQuote",
    "sales.FormSubmission",
    "sales.Invoice",
    "sales.Payment",
    "sales.Quote",
}
# These only lead to a page, which is in the list as well.
SENDING_ON = {
    "/admin/sales/event/<path:object_id>/to-check-in/",
    "/admin/sales/segment/<path:object_id>/to-members/",
}


class TestEveryPage:
    @pytest.mark.parametrize("part", range(PARTS))
    def test_says_of_another_tenants_row_what_it_says_of_an_unknown_one(self, part, desk):
        before = contents_of(desk.acme.tenant.pk)
        people = [desk.us.ada, desk.us.mona, desk.us.alice, desk.us.victor]
        browsers, operator = [signed_in(each.user) for each in people], desk.operator()
        found: list[str] = []
        for page in PAGES[part::PARTS]:
            for browser in browsers:
                found += differing(desk, page, "get", browser)
                found += differing(desk, page, "post", browser)
            if page.route.endswith("/change/") and page.model is not Tenant:
                found += differing(desk, page, "get", operator)  # who looks after all tenants
        assert not found, "\n".join(found)
        assert contents_of(desk.acme.tenant.pk) == before

    def test_says_of_a_colleagues_row_what_it_says_of_an_unknown_one(self, desk):
        alice, found, hidden = desk.acme.alice.user, [], set()
        browser = signed_in(alice)
        before = contents_of(desk.acme.tenant.pk)
        for page in PAGES:
            if is_hidden(desk.rows[page.model], alice):
                hidden.add(page.model._meta.label)
                found += differing(desk, page, "get", browser)
                found += differing(desk, page, "post", browser)
        assert not found, "\n".join(found)
        assert hidden == HIDDEN
        assert contents_of(desk.acme.tenant.pk) == before

    def test_shows_its_own_tenant_something_else(self, desk):
        """Or the comparison above would say nothing."""
        ada, found = signed_in(desk.acme.ada.user), []
        for page in PAGES:
            pk = desk.rows[page.model].pk
            with undone():
                shown = browse(ada, "get", page.path(pk))
            nothing = browse(ada, "get", page.path(unknown(pk)))
            if shown.status < 403 and shown.about(pk) == nothing.about(unknown(pk)):
                found.append(page.route)
        assert set(found) == SENDING_ON


def is_hidden(row: Any, user: User) -> bool:
    """Whether the list of its pages keeps it from somebody of the same tenant."""
    request = RequestFactory().get("/")
    request.user, request.resolver_match = user, resolve("/admin/")
    with tenant_scope(user.tenant_id):
        return not site._registry[type(row)].get_queryset(request).filter(pk=row.pk).exists()


def differing(desk: Desk, page: Page, method: str, browser: Client) -> Iterator[str]:
    """Yield in words what is answered otherwise than about an unknown row."""
    pk = desk.rows[page.model].pk
    theirs = browse(browser, method, page.path(pk))
    nothing = browse(browser, method, page.path(unknown(pk)))
    if theirs.status not in REFUSED or theirs.about(pk) != nothing.about(unknown(pk)):
        yield f"{method} {page.route}: {theirs}, of an unknown one {nothing}"
