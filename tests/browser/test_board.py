"""Boards: cards dragged by mouse, finger and keyboard, and what others do meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.accessible import faults_of
from tests.browser.conftest import Visitor

SELLER, PATH = "ana@demo.test", "/admin/sales/board/"
FIRST, SECOND, LOST = "Prospecto", "Contactado", "Perdido"
Crm = Callable[..., httpx.Client]


class Deal:
    """A deal of the test's own, on the page of a board that is narrowed to it."""

    def __init__(self, crm: httpx.Client, name: str) -> None:
        self.crm, self.name = crm, name
        board = crm.get("/api/v1/deals/board").json()["data"]
        self.stages = {each["name"]: each["id"] for each in board["stages"]}
        sent = {"name": name, "pipeline_id": board["id"], "stage_id": self.stages[FIRST]}
        answer = crm.post("/api/v1/deals", json=sent).raise_for_status()
        self.id = answer.json()["data"]["id"]

    def open(self, page: Page) -> None:
        page.goto(f"{PATH}?q={self.name}")

    def on(self, page: Page) -> Locator:
        return page.locator(f"[data-card='{self.id}']")

    def stage(self, page: Page) -> str:
        """The column in which the page shows it."""
        # Read in one go: a card that is shown anew meanwhile is another element.
        column = page.locator("[data-column]").filter(has=self.on(page))
        return str(column.get_attribute("data-name"))

    def column(self, page: Page, name: str) -> Locator:
        return page.locator(f"[data-column='{self.stages[name]}'] .board-cards")

    def stored(self) -> dict[str, Any]:
        return dict(self.crm.get(f"/api/v1/deals/{self.id}").json()["data"])


@pytest.fixture
def deal(crm: Crm, request: pytest.FixtureRequest, size: str) -> Deal:
    return Deal(crm(SELLER), f"{request.function.__name__} {size}".replace("_", " "))


def middle(place: Locator) -> tuple[float, float]:
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + min(box["height"] / 2, 40)


def drag_by_mouse(page: Page, card: Locator, column: Locator) -> None:
    page.mouse.move(*middle(card))
    page.mouse.down()
    x, y = middle(column)
    page.mouse.move(x, y, steps=8)
    page.mouse.up()


def drag_by_finger(page: Page, card: Locator) -> None:
    """Hold it until it is picked up, then pull it to the right edge, where the board scrolls."""
    touch = page.context.new_cdp_session(page)

    def send(kind: str, *points: tuple[float, float]) -> None:
        given = [{"x": x, "y": y} for x, y in points]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": given})

    x, y = middle(card)
    send("touchStart", (x, y))
    expect(page.locator(".board-ghost")).to_have_count(1)
    for step in range(1, 13):
        send("touchMove", (x + (375 - x) * step / 12, y))
    expect(page.locator(".board-gap")).to_have_count(1)
    send("touchMove", (320, y))
    send("touchEnd")


class TestBoard:
    def test_keeps_a_card_where_it_was_dragged(
        self, visitor: Visitor, deal: Deal, size: str
    ) -> None:
        page = visitor.sign_in(SELLER)
        deal.open(page)
        if size == "phone":
            drag_by_finger(page, deal.on(page))
        else:
            drag_by_mouse(page, deal.on(page), deal.column(page, SECOND))
        expect(deal.column(page, FIRST).locator("[data-card]")).to_have_count(0)
        expect(page.locator(".board-waits")).to_have_count(0)
        assert deal.stage(page) != FIRST
        assert deal.stored()["stage_name"] == deal.stage(page)

    def test_moves_cards_by_keyboard(self, visitor: Visitor, deal: Deal) -> None:
        page = visitor.sign_in(SELLER)
        deal.open(page)
        said = page.locator("[data-live]")
        deal.on(page).focus()
        page.keyboard.press("Space")
        page.keyboard.press("ArrowRight")
        expect(said).to_contain_text(SECOND)
        page.keyboard.press("Escape")
        assert deal.stage(page) == FIRST
        page.keyboard.press("Enter")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        expect(said).to_have_text(f"{deal.name} está ahora en {SECOND}.")
        assert deal.stored()["stage_name"] == SECOND

    def test_asks_why_a_deal_was_lost(self, visitor: Visitor, deal: Deal) -> None:
        page = visitor.sign_in(SELLER)
        deal.open(page)
        deal.on(page).locator(".board-move").click()
        page.locator("#board-to select").select_option(label=LOST)
        assert faults_of(page) == []
        page.locator("#board-to .board-go").click()
        page.locator("#board-ask-lost textarea").fill("<b>Precio</b>")
        page.locator("#board-ask-lost .board-go").click()
        expect(deal.on(page)).to_contain_text("<b>Precio</b>")
        assert deal.stored()["lost_reason"] == "<b>Precio</b>"

    def test_puts_back_what_the_server_refuses_and_says_why(
        self, visitor: Visitor, deal: Deal, crm: Crm
    ) -> None:
        page = visitor.sign_in(SELLER)
        deal.open(page)
        moved = {"stage_id": deal.stages["Propuesta"]}
        crm().post(f"/api/v1/deals/{deal.id}/move-stage", json=moved).raise_for_status()
        deal.on(page).focus()
        for key in ("Space", "ArrowRight", "Space"):
            page.keyboard.press(key)
        expect(page.locator("[data-problem]")).to_contain_text("la movió a Propuesta")
        expect(deal.column(page, "Propuesta").locator("[data-card]")).to_have_count(1)
        assert faults_of(page) == []
        visitor.forgive("409")

    def test_lets_go_of_a_card_that_was_deleted(
        self, visitor: Visitor, deal: Deal, crm: Crm
    ) -> None:
        page = visitor.sign_in(SELLER)
        deal.open(page)
        deal.on(page).focus()
        page.keyboard.press("Space")
        crm().delete(f"/api/v1/deals/{deal.id}").raise_for_status()
        for key in ("ArrowRight", "Space"):
            page.keyboard.press(key)
        expect(page.locator("[data-problem]")).to_contain_text("ya no está")
        expect(deal.on(page)).to_have_count(0)
        visitor.forgive("404")

    def test_shows_what_others_move(self, visitor: Visitor, deal: Deal, crm: Crm) -> None:
        page = visitor.sign_in(SELLER)
        deal.open(page)
        moved = {"stage_id": deal.stages[SECOND]}
        crm().post(f"/api/v1/deals/{deal.id}/move-stage", json=moved).raise_for_status()
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # as on coming back
        expect(deal.column(page, SECOND).locator("[data-card]")).to_have_count(1)
