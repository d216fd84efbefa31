"""Every page of the back office that is about a row, opened by people of another tenant."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from accounts.models import Tenant
from tests.isolation.desk import REFUSED, Desk, Page, browse, pages
from tests.isolation.stores import contents_of
from tests.isolation.world import undone, unknown
from tests.staff import signed_in

PARTS = 3
pytestmark = pytest.mark.usefixtures("unpainted")
PAGES = pages()
# These only lead to a page, which is in the list as well.
SENDING_ON = {
    "/admin/sales/event/<path:object_id>/to-check-in/",
    "/admin/sales/segment/<path:object_id>/to-members/",
}


class TestEveryPage:
    @pytest.mark.parametrize("part", range(PARTS))
    def test_says_of_another_tenants_row_what_it_says_of_an_unknown_one(self, part, desk):
        before = contents_of(desk.acme.tenant.pk)
        ada, operator = signed_in(desk.us.ada.user), desk.operator()
        found: list[str] = []
        for page in PAGES[part::PARTS]:
            for method in ("get", "post"):
                found += differing(desk, page, method, ada)
            if page.route.endswith("/change/") and page.model is not Tenant:
                found += differing(desk, page, "get", operator)  # who looks after all tenants
        assert not found, "\n".join(found)
        assert contents_of(desk.acme.tenant.pk) == before

    def test_shows_another_tenants_row_to_no_salesperson(self, desk):
        browser = signed_in(desk.us.alice.user)
        statuses = {
            page: browse(browser, "get", page.path(desk.rows[page.model].pk)).status
            for page in PAGES
        }
        assert {page.route for page, status in statuses.items() if status not in REFUSED} == set()

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


def differing(desk: Desk, page: Page, method: str, browser: Client) -> Iterator[str]:
    """Yield in words what is answered otherwise than about an unknown row."""
    pk = desk.rows[page.model].pk
    theirs = browse(browser, method, page.path(pk))
    nothing = browse(browser, method, page.path(unknown(pk)))
    if theirs.status not in REFUSED or theirs.about(pk) != nothing.about(unknown(pk)):
        yield f"{method} {page.route}: {theirs}, of an unknown one {nothing}"
