"""A list is shown as somebody likes it, kept as a view, and taken home as a file."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.accessible import faults_of
from tests.browser.conftest import Visitor

LIST = "/admin/prospects/prospect/"


def open_menu(page: Page, name: str) -> None:
    page.click(f"details.list-menu summary:text-is('{name}')")


def shown_columns(page: Page) -> list[str]:
    heads: list[str] = page.eval_on_selector_all(
        "#result_list td[data-label], #result_list th[data-label]",
        "all => [...new Set(all.map(cell => cell.dataset.label))]",
    )
    return heads


class TestList:
    def test_is_shown_kept_and_exported_as_somebody_likes_it(self, visitor: Visitor) -> None:
        page = visitor.sign_in("ana@demo.test")
        page.goto(f"{LIST}?type__exact=1")
        open_menu(page, "Columnas")
        assert faults_of(page) == []
        page.click("[data-list-columns] li:has-text('Nombre') [data-move=up]")
        page.uncheck("[data-list-columns] li:has-text('Valor') input")
        page.check("[data-list-columns] li:has-text('Correo') input")
        page.click("[data-list-columns] [type=submit]")
        page.wait_for_url("**cols=name%2Ctitle**")
        assert "Valor" not in shown_columns(page)
        open_menu(page, "Vistas")
        assert faults_of(page) == []
        name = f"De Ana ({visitor.size})"
        page.fill("#view-name", name)
        page.click("button:text-is('Guardar esta vista')")
        page.wait_for_url("**view=**")
        assert page.inner_text("nav.list-tabs [aria-current]") == name
        open_menu(page, "Exportar")
        assert faults_of(page) == []
        with page.expect_download() as download:
            page.click("form[action$='/export/'] [type=submit]")
        assert download.value.suggested_filename.endswith(".xlsx")
        page.goto(LIST)
        page.click(f"nav.list-tabs a:text-is('{name}')")
        page.wait_for_url("**type__exact=1**")

    def test_is_paged_by_keys(self, visitor: Visitor) -> None:
        page = visitor.sign_in("manager@demo.test")
        page.goto(LIST)
        page.click("a[rel=next]")
        page.wait_for_url("**after=**")
        page.click("a[rel=prev]")
        page.wait_for_url("**before=**")
        assert faults_of(page) == []

    def test_closes_its_menus_by_the_keyboard(self, visitor: Visitor) -> None:
        page = visitor.sign_in("manager@demo.test")
        page.goto(LIST)
        page.focus("details.list-menu summary:text-is('Columnas')")
        page.keyboard.press("Enter")
        assert page.is_visible("[data-list-columns]")
        page.keyboard.press("Escape")
        assert not page.is_visible("[data-list-columns]")
