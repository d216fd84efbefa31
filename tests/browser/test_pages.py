"""Every entry of the menu, as each role, on both screens.

What the Content-Security-Policy keeps from working is a complaint in the console, and so a failure
(`visitor`): here and in every other test of this folder.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

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

    @pytest.mark.parametrize("size", ["laptop"], indirect=True)
    def test_leads_to_lists_whose_rows_open(self, visitor: Visitor) -> None:
        page = visitor.sign_in("manager@demo.test")
        links = page.eval_on_selector_all(MENU, "all => all.map(a => a.pathname)")
        rows = set()
        for link in dict.fromkeys(links):
            page.goto(link)
            found = "all => all.slice(0, 1).map(a => a.pathname)"
            rows.update(page.eval_on_selector_all("#result_list a[href*='/change/']", found))
            rows.update(page.eval_on_selector_all("a[href$='/add/']", found))
        assert len(rows) > 40
        for row in sorted(rows):
            answer = page.goto(row)
            assert answer is not None
            assert answer.status == 200, row


class TestPage:
    """What opens and closes does so without `eval` (back_office/expressions.js)."""

    def test_opens_its_menus(self, visitor: Visitor) -> None:
        page = visitor.sign_in("manager@demo.test")
        page.goto("/admin/prospects/prospect/")
        if visitor.size == "laptop":
            self.opens_beside_the_list(page)
        page.keyboard.press("Control+k")
        box = page.locator("input[x-ref=searchInputCommand]")
        box.wait_for(state="visible")
        box.press_sequentially("caf")
        page.locator("#command-results-list li").first.wait_for(state="visible")
        box.press("ArrowDown")
        page.locator("#command-results-list li.active").first.wait_for(state="visible")
        box.press("Escape")
        box.press("Escape")
        box.wait_for(state="hidden")

    def opens_beside_the_list(self, page: Page) -> None:
        page.click("#result_list input[name=_selected_action] >> nth=0")
        bar = page.locator("#changelist-actions")
        assert bar.bounding_box()["width"] > 400  # type: ignore[index]
        page.locator("#changelist-actions select[name=action]").wait_for(state="visible")
        page.click("text=Marta Gerente")
        page.locator("nav a[href='/admin/password_change/']").first.wait_for(state="visible")

    def test_switches_its_tabs_and_its_theme(self, visitor: Visitor) -> None:
        page = visitor.sign_in("manager@demo.test")
        page.goto("/admin/prospects/prospect/")
        page.goto(
            page.locator("#result_list a[href*='/change/']").first.get_attribute("href") or ""
        )
        page.keyboard.press("Control+e")  # from that of the system to the light one
        page.keyboard.press("Control+e")
        page.locator("html.dark").wait_for(state="attached")  # not by a text to be evaluated
        if visitor.size == "laptop":
            page.click("a[x-on\\:click*='timeline']")
            page.locator("#card-timeline [data-card-note]").wait_for(state="visible")

    def test_of_strangers_runs_nothing(self, visitor: Visitor) -> None:
        page = visitor.as_guest()
        for path in ("/admin/login/", "/admin/password_reset/", "/api/docs"):
            page.goto(path)
        page.locator(".opblock").first.wait_for(state="visible")
