"""Every entry of the menu, as each role, on both screens."""

from __future__ import annotations

import pytest

from tests.browser.accessible import faults_of
from tests.browser.conftest import Visitor

MENU = "#nav-sidebar a[href^='/admin/']"
ROLES = ["admin", "manager", "ana", "viewer"]


class TestMenu:
    @pytest.mark.parametrize("who", ROLES)
    def test_leads_to_pages_that_all_can_use(self, visitor: Visitor, who: str) -> None:
        page = visitor.sign_in(f"{who}@demo.test")
        links = page.eval_on_selector_all(MENU, "all => all.map(a => a.pathname + a.search)")
        assert len(links) > 10
        faults = {}
        # All of them as a manager; as others those that they begin with.
        most = None if who == "manager" else 5
        for link in list(dict.fromkeys(links))[:most]:
            answer = page.goto(link)
            assert answer is not None
            assert answer.status == 200, link
            if found := faults_of(page):
                faults[link] = found
        assert faults == {}
