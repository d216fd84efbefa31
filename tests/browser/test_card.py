"""A card's page as somebody works with it: what happened, a note written beside it, keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.accessible import faults_of
from tests.browser.conftest import Visitor

HTML = "<b>Browser</b> & <script>alert(1)</script>"


def made_card(crm: Callable[..., Any], name: str) -> int:
    made = crm().post("/prospects", json=[{"company": name}]).raise_for_status().json()
    return int(made["inserts"][0]["id"])


def show(page: Page, tab: str) -> None:
    """Choose a tab; on a phone they may be behind a menu."""
    link = page.locator(f"a:text-is('{tab}')").first
    link.dispatch_event("click")


class TestCard:
    def test_takes_a_note_without_leaving_it(
        self, visitor: Visitor, crm: Callable[..., Any]
    ) -> None:
        pk = made_card(crm, f"Tarjeta {visitor.size}")
        page = visitor.sign_in("manager@demo.test")
        page.goto(f"/admin/prospects/prospect/{pk}/change/")
        show(page, "Qué pasó")
        page.fill("#card-timeline textarea", HTML)
        page.click("#card-timeline .card-send button")
        expect(page.locator("#card-timeline [role=status]")).not_to_be_empty()
        expect(page.locator(".card-past .card-detail").first).to_have_text(HTML)
        assert faults_of(page) == []

    def test_keeps_what_was_typed_when_the_session_is_over(
        self, visitor: Visitor, crm: Callable[..., Any]
    ) -> None:
        pk = made_card(crm, f"Sin sesión {visitor.size}")
        page = visitor.sign_in("manager@demo.test")
        page.goto(f"/admin/prospects/prospect/{pk}/change/")
        show(page, "Qué pasó")
        page.fill("#card-timeline textarea", "No me pierdas")
        page.context.clear_cookies(name="sessionid")
        page.click("#card-timeline .card-send button")
        expect(page.locator("#card-timeline [data-trouble]")).to_be_visible()
        assert page.input_value("#card-timeline textarea") == "No me pierdas"
        visitor.forgive("401")

    def test_shows_every_tab(self, visitor: Visitor, crm: Callable[..., Any]) -> None:
        pk = made_card(crm, f"Pestañas {visitor.size}")
        page = visitor.sign_in("manager@demo.test")
        page.goto(f"/admin/prospects/prospect/{pk}/change/")
        for tab in ("En curso", "Notas", "Contactos", "Quién lo ve", "Cambios"):
            show(page, tab)
            expect(page.get_by_text("Leyendo…").and_(page.locator(":visible"))).to_have_count(0)
            assert faults_of(page) == [], tab


class TestKeys:
    def test_open_their_sheet_and_lead_on(self, visitor: Visitor) -> None:
        page = visitor.sign_in("manager@demo.test")
        page.keyboard.press("?")
        expect(page.locator("dialog.shortcuts-over")).to_be_visible()
        assert faults_of(page) == []
        page.keyboard.press("Escape")
        page.keyboard.press("g")
        page.keyboard.press("d")
        page.wait_for_url("**/admin/sales/deal/")

    def test_the_box_shows_what_was_opened_last(
        self, visitor: Visitor, crm: Callable[..., Any]
    ) -> None:
        pk = made_card(crm, f"Reciente {visitor.size}")
        page = visitor.sign_in("manager@demo.test")
        page.goto(f"/admin/prospects/prospect/{pk}/change/")
        page.locator("body").click(position={"x": 2, "y": 2})
        page.keyboard.press("Control+k")
        expect(page.locator("#command-results-list li").first).to_contain_text("Reciente")
