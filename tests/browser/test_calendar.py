"""The calendar's things are carried by mouse, finger and keyboard; results are logged in place."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.accessible import faults_of
from tests.browser.conftest import PASSWORD, Visitor

ANA = "ana@demo.test"
_weeks = itertools.count()


@dataclass
class Planned:
    """A follow-up of Ana's on a Tuesday of its own, at half past ten."""

    name: str
    card: int
    day: date

    @property
    def query(self) -> str:
        return f"day={self.day}&whose=mine&kinds=follow_up"

    def on(self, page: Page) -> Locator:
        return page.locator("[data-item]").filter(has_text=self.name)

    def day_on(self, page: Page, later: int) -> Locator:
        """The day that is so many days later."""
        return page.locator(f"section[data-day='{self.day + timedelta(days=later)}']")


@pytest.fixture(scope="module")
def admin(product: str) -> Iterator[httpx.Client]:
    """The API as the demo's admin, who signs in once: tries to sign in are counted."""
    given = {"email": "admin@demo.test", "password": PASSWORD}
    answer = httpx.post(f"{product}/api/v1/auth/login", json=given).raise_for_status()
    headers = {"Authorization": f"Bearer {answer.json()['token']}"}
    with httpx.Client(base_url=product, headers=headers) as client:
        yield client


@pytest.fixture
def planned(admin: httpx.Client) -> Planned:
    number = next(_weeks)
    day = date(2031, 1, 7) + timedelta(weeks=5 * number)
    people = admin.get("/api/v1/users").raise_for_status().json()["data"]
    (ana,) = [each["id"] for each in people if each["email"] == ANA]
    name = f"Carried {number} <b>"
    rows = [{"company": name, "created_by": int(ana)}]
    made = admin.post("/prospects", json=rows).raise_for_status().json()
    card = made["inserts"][0]["id"]
    note = {"action": "call", "note": "Ask <i>again</i>", "scheduled_date": f"{day} 10:30"}
    admin.post(f"/prospects/{card}/notes", json=note).raise_for_status()
    return Planned(name, card, day)


def carry(visitor: Visitor, page: Page, item: Locator, place: Locator) -> None:
    """Carry something by what the screen is made for: a mouse or a finger."""
    item.scroll_into_view_if_needed()
    if visitor.size == "phone":
        _carry_by_finger(page, item, place)
        return
    page.mouse.move(*_middle(item))
    page.mouse.down()
    page.mouse.move(*_middle(item, 20))
    page.mouse.move(*_middle(place), steps=5)
    page.mouse.up()


def _carry_by_finger(page: Page, item: Locator, place: Locator) -> None:
    devices = page.context.new_cdp_session(page)

    def touch(what: str, *point: float) -> None:
        points = [dict(zip("xy", point, strict=True))] if point else []
        devices.send("Input.dispatchTouchEvent", {"type": what, "touchPoints": points})

    touch("touchStart", *_middle(item))
    expect(page.locator("[data-calendar]")).to_have_class(re.compile("is-carrying"))
    for part in (20, 0):
        touch("touchMove", *_middle(place, part))
    touch("touchEnd")


def _middle(place: Locator, more: float = 0) -> tuple[float, float]:
    box = place.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2 + more


def said(page: Page, words: str) -> None:
    """Wait until the page says so."""
    expect(page.locator("[data-said]")).to_contain_text(words)


class TestCarrying:
    @pytest.mark.parametrize("span", ["month", "week"])
    def test_to_another_day_keeps_the_hour(
        self, visitor: Visitor, planned: Planned, span: str
    ) -> None:
        page = visitor.sign_in(ANA)
        page.goto(f"/admin/calendar/?span={span}&{planned.query}")
        place = planned.day_on(page, 1)
        if span == "week" and visitor.size == "laptop":
            place = place.locator("[data-hour='10']")
        carry(visitor, page, planned.on(page), place)
        said(page, "10:30")
        expect(planned.day_on(page, 1).locator("[data-item]")).to_contain_text(planned.name)
        page.reload()
        expect(planned.day_on(page, 1).locator("[data-item]")).to_contain_text("10:30")

    def test_to_another_hour_keeps_the_minutes(self, visitor: Visitor, planned: Planned) -> None:
        page = visitor.sign_in(ANA)
        page.goto(f"/admin/calendar/?span=day&{planned.query}")
        carry(visitor, page, planned.on(page), page.locator("[data-hour='12']"))
        said(page, "12:30")
        expect(page.locator("[data-hour='12'] [data-item]")).to_contain_text(planned.name)

    def test_by_keyboard_says_each_step(self, visitor: Visitor, planned: Planned) -> None:
        page = visitor.sign_in(ANA)
        page.goto(f"/admin/calendar/?{planned.query}")
        planned.on(page).locator("a").focus()
        page.keyboard.press("Space")
        said(page, planned.name)
        for key, later in (("ArrowRight", 1), ("ArrowLeft", 0), ("ArrowRight", 1)):
            page.keyboard.press(key)
            label = planned.day_on(page, later).get_attribute("data-label")
            said(page, label or "?")
        page.keyboard.press("Escape")
        expect(planned.day_on(page, 0).locator("[data-item]")).to_contain_text(planned.name)
        page.keyboard.press("Space")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Space")
        said(page, "10:30")
        expect(planned.day_on(page, 1).locator("[data-item]")).to_contain_text(planned.name)
        expect(planned.on(page).locator("a")).to_be_focused()

    def test_what_was_deleted_meanwhile_goes_back_with_the_reason(
        self, visitor: Visitor, planned: Planned, admin: httpx.Client
    ) -> None:
        page = visitor.sign_in(ANA)
        page.goto(f"/admin/calendar/?{planned.query}")
        admin.delete(f"/prospects/{planned.card}").raise_for_status()
        carry(visitor, page, planned.on(page), planned.day_on(page, 1))
        said(page, "Ya no está")
        expect(planned.day_on(page, 0).locator("[data-item]")).to_contain_text(planned.name)
        visitor.forgive("404")

    def test_of_two_people_tells_the_second(self, visitor: Visitor, planned: Planned) -> None:
        ana, marta = visitor.sign_in(ANA), visitor.sign_in("manager@demo.test")
        for page in (ana, marta):
            page.goto(f"/admin/calendar/?{planned.query.replace('mine', 'team')}")
        carry(visitor, marta, planned.on(marta), planned.day_on(marta, 1))
        said(marta, "10:30")
        carry(visitor, ana, planned.on(ana), planned.day_on(ana, 2))
        said(ana, "Entretanto alguien")
        expect(planned.day_on(ana, 1).locator("[data-item]")).to_contain_text(planned.name)
        visitor.forgive("412")


class TestLogging:
    def test_settles_it_once_and_plans_the_next(self, visitor: Visitor, planned: Planned) -> None:
        page = visitor.sign_in(ANA)
        page.goto(f"/admin/calendar/?{planned.query}")
        planned.on(page).locator("a").click()
        dialog = page.locator("dialog[open]")
        expect(dialog).to_contain_text("Ask <i>again</i>")
        assert faults_of(page) == []
        dialog.locator("[name=result]").fill("They <b>want</b> a quote")
        dialog.locator("[name=next_day]").fill(str(planned.day + timedelta(days=2)))
        dialog.locator("[data-log] button").dblclick()
        said(page, "anotado")
        expect(planned.on(page).first).to_have_class(re.compile("is-done"))
        expect(planned.day_on(page, 2).locator("[data-item]")).to_have_count(1)

    def test_loses_nothing_when_the_session_is_over(
        self, visitor: Visitor, planned: Planned
    ) -> None:
        page = visitor.sign_in(ANA)
        page.goto(f"/admin/calendar/?{planned.query}")
        planned.on(page).locator("a").click()
        dialog = page.locator("dialog[open]")
        dialog.locator("[name=result]").fill("A long text")
        kept = page.context.cookies()
        page.context.clear_cookies(name="sessionid")
        dialog.locator("[data-log] button").click()
        expect(dialog).to_contain_text("Su sesión terminó")
        page.context.add_cookies(kept)
        dialog.locator("[data-log] button").click()
        said(page, "anotado")
        visitor.forgive("401")


class TestWithoutScripts:
    def test_is_read_and_leads_to_other_days_and_to_cards(
        self, visitor: Visitor, planned: Planned
    ) -> None:
        remembered = visitor.sign_in(ANA).context.storage_state()
        settings = {"java_script_enabled": False, "base_url": visitor.url}
        context = visitor.browser.new_context(storage_state=remembered, **settings)
        page = context.new_page()
        page.goto(f"/admin/calendar/?span=day&{planned.query}")
        page.locator("a[rel=next]").click()
        expect(planned.day_on(page, 1)).to_be_visible()
        page.locator("a[rel=prev]").click()
        planned.on(page).locator("a").click()
        expect(page).to_have_url(f"{visitor.url}/admin/prospects/prospect/{planned.card}/change/")
        context.close()


class TestPages:
    @pytest.mark.parametrize("span", ["month", "week", "day"])
    def test_can_be_used_by_all(self, visitor: Visitor, span: str) -> None:
        page = visitor.sign_in("manager@demo.test")
        page.goto(f"/admin/calendar/?span={span}")
        assert faults_of(page) == []
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= page.evaluate("innerWidth")

    def test_offers_to_plan_on_the_day_that_was_clicked(
        self, visitor: Visitor, planned: Planned
    ) -> None:
        page = visitor.sign_in(ANA)
        page.goto(f"/admin/calendar/?span=week&{planned.query}")
        day = planned.day_on(page, 1)
        day.locator("[data-add]").click()
        page.locator("dialog[open] [data-plan-follow-up]").click()
        expect(page.locator("input[name=scheduled_at_0]")).to_have_value(
            (planned.day + timedelta(days=1)).strftime("%d/%m/%Y")
        )
        assert faults_of(page) == []
