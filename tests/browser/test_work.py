"""Two days' work from end to end: a file of prospects, and an offer until it is paid."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.accessible import faults_of
from tests.browser.conftest import Visitor

FILE = "Empresa;Nombre;Correo\n{name};Eva;eva-{name}@browser.test\nMala;X;esto-no-es\n"


def act(page: Page, button: str) -> None:
    """Press one of a document's buttons, and say yes; on a phone they are behind a menu."""
    page.locator(f"a[href$='/{button}/']").first.dispatch_event("click")
    page.wait_for_url(f"**/{button}/")
    page.click("form:not([id=logout-form]) button[type=submit]:visible")
    page.wait_for_url("**/change/")


class TestImport:
    def test_shows_what_will_become_of_each_row_and_applies_it(self, visitor: Visitor) -> None:
        name = f"importada{visitor.size}"
        page = visitor.sign_in("manager@demo.test")
        page.goto("/admin/prospects/importjob/add/")
        file = {"name": "leads.csv", "mimeType": "text/csv"}
        page.set_input_files(
            "input[type=file]", {**file, "buffer": FILE.format(name=name).encode()}
        )
        page.click("button:has-text('Leer el archivo')")
        assert faults_of(page) == []
        page.click("form:has(select) button[type=submit]:visible >> nth=-1")
        apply = page.locator("button:text-is('Aplicar')")
        expect(apply).to_be_visible(timeout=60_000)
        assert faults_of(page) == []
        apply.click()
        expect(page.locator("button:text-is('Deshacer')")).to_be_visible(timeout=60_000)
        page.goto(f"/admin/prospects/prospect/?q={name}")
        expect(page.locator("#result_list")).to_contain_text(name)


class TestQuoteToPayment:
    def test_is_one_way_without_a_detour(self, visitor: Visitor, crm: Callable[..., Any]) -> None:
        api = crm()
        person = {"first_name": "Olga", "last_name": visitor.size, "email": "olga@browser.test"}
        contact = api.post("/api/v1/contacts", json=person).raise_for_status().json()["data"]["id"]
        item = {"description": "Plan", "quantity": 2, "unit_price": 100, "tax_rate": 16}
        body = {"contact_id": contact, "items": [item], "currency": "MXN"}
        quote = api.post("/api/v1/quotes", json=body).raise_for_status().json()["data"]["id"]
        page = visitor.sign_in("manager@demo.test")
        page.goto(f"/admin/sales/quote/{quote}/change/")
        for button in ("send", "approve", "bill"):
            act(page, button)
        page.wait_for_url("**/admin/sales/invoice/**")
        for button in ("send", "pay"):
            act(page, button)
        page.wait_for_url("**/admin/sales/invoice/*/change/")
        expect(page.locator("body")).to_contain_text("El pago está registrado.")
        assert faults_of(page) == []
