"""Who works that day and what they click: read by locust, which knows nothing of Django.

A person asks, reads for some seconds, asks again. Half of those who sell sit in the back office
and half use the API as a front end of their own would; of those who lead, too. One more asks the
empty view four times a second all the while: every other figure is compared with it.
"""

from __future__ import annotations

import os
import random
import re
from itertools import cycle
from typing import Any

from locust import HttpUser, between, constant_pacing, task

PASSWORD = os.environ["LOAD_PASSWORD"]
READING = between(10, 40)  # seconds between two clicks
TEXT = "Piden que les volvamos a marcar la semana que entra."
SEARCHES = ("grupo", "xochipilli", "transportes norte", "maria lopez", "551234", "garcia77")
SECONDS = 60
_sellers, _leaders = cycle(range(1, 201)), cycle(range(1, 21))


class Empty(HttpUser):
    """The measure of all others."""

    fixed_count, wait_time = 1, constant_pacing(0.25)

    def on_start(self) -> None:
        sign_in(self, "leader001@bench.test")

    @task
    def empty(self) -> None:
        self.client.get("/empty", name="empty view", timeout=SECONDS)


def sign_in(user: Any, email: str) -> None:
    body = {"email": email, "password": PASSWORD}
    answer = user.client.post("/api/v1/auth/login", json=body, timeout=SECONDS)
    user.client.headers["Authorization"] = f"Bearer {answer.json()['token']}"


class ApiPerson(HttpUser):
    """Works over the API."""

    abstract, wait_time = True, READING
    email: str

    def on_start(self) -> None:
        sign_in(self, self.email)
        first = self.client.get("/prospects/list?length=100", name="GET /prospects/list").json()
        self.cards = [row["id"] for row in first["data"]]
        self.columns = self.categories()
        board = self.client.get("/api/v1/deals/board", name="GET /api/v1/deals/board").json()[
            "data"
        ]
        self.stages = board["stages"]
        self.deals = [deal["id"] for stage in board["stages"] for deal in stage["deals"]]

    def categories(self) -> list[int]:
        found = self.client.get("/prospects/catalogs", name="GET /prospects/catalogs").json()
        return [each["id"] for each in found["follow_up_categories"]]

    def get(self, path: str, name: str) -> None:
        self.client.get(path, name=name, timeout=SECONDS)

    def card(self) -> int:
        return random.choice(self.cards)

    @task(5)
    def list(self) -> None:
        start = random.choice((0, 0, 0, 25, 50))
        self.get(f"/prospects/list?start={start}&length=25", "GET /prospects/list")

    @task(2)
    def search(self) -> None:
        self.get(
            f"/prospects/list?search={random.choice(SEARCHES)}&length=25",
            "GET /prospects/list?search",
        )

    @task(4)
    def board(self) -> None:
        self.get("/prospects/grouped?length=25&counters=true", "GET /prospects/grouped")

    @task(2)
    def figures(self) -> None:
        self.get("/prospects/kpis", "GET /prospects/kpis")

    @task(6)
    def one_card(self) -> None:
        self.get(f"/prospects/{self.card()}", "GET /prospects/{id}")

    @task(3)
    def move(self) -> None:
        self.client.patch(
            f"/prospects/{self.card()}/data",
            json={"follow_up_id": random.choice(self.columns)},
            name="PATCH /prospects/{id}/data",
            timeout=SECONDS,
        )

    @task(3)
    def note(self) -> None:
        self.client.post(
            f"/prospects/{self.card()}/notes",
            json={"note": TEXT, "action": "call"},
            name="POST /prospects/{id}/notes",
            timeout=SECONDS,
        )

    @task(2)
    def calendar(self) -> None:
        days = "startDate=2026-11-01&endDate=2026-11-30"
        self.get(f"/prospects/activities?{days}", "GET /prospects/activities")

    @task(2)
    def people(self) -> None:
        self.get(
            f"/api/v1/contacts?search={random.choice(SEARCHES)}", "GET /api/v1/contacts?search"
        )

    @task(2)
    def activities(self) -> None:
        self.get("/api/v1/activities", "GET /api/v1/activities")

    @task(1)
    def plan(self) -> None:
        body = {"subject": "Llamar", "type": "call", "due_at": "2026-12-01T16:00:00Z"}
        self.client.post(
            "/api/v1/activities", json=body, name="POST /api/v1/activities", timeout=SECONDS
        )

    @task(2)
    def deal_board(self) -> None:
        self.get("/api/v1/deals/board", "GET /api/v1/deals/board")

    @task(1)
    def move_deal(self) -> None:
        if self.deals:
            self.client.post(
                f"/api/v1/deals/{random.choice(self.deals)}/move-stage",
                json={"stage_id": random.choice(self.stages)["id"]},
                name="POST /api/v1/deals/{id}/move-stage",
                timeout=SECONDS,
            )

    @task(3)
    def notifications(self) -> None:
        self.get("/api/v1/notifications", "GET /api/v1/notifications")


class ApiSeller(ApiPerson):
    """Sells; every other of the two hundred."""

    fixed_count = 100

    def __init__(self, *words: Any) -> None:
        super().__init__(*words)
        self.email = f"seller{next(_sellers):03}@bench.test"


class ApiLeader(ApiPerson):
    """Leads: looks at figures, too."""

    fixed_count = 10

    def __init__(self, *words: Any) -> None:
        super().__init__(*words)
        self.email = f"leader{next(_leaders):03}@bench.test"

    @task(4)
    def dashboard(self) -> None:
        self.get("/prospects/client-analytics", "GET /prospects/client-analytics")

    @task(3)
    def stats(self) -> None:
        self.get("/api/v1/dashboard/stats", "GET /api/v1/dashboard/stats")

    @task(2)
    def quotes(self) -> None:
        self.get("/api/v1/quotes", "GET /api/v1/quotes")

    @task(2)
    def invoices(self) -> None:
        self.get("/api/v1/invoices", "GET /api/v1/invoices")


class OfficePerson(HttpUser):
    """Works in the back office."""

    abstract, wait_time = True, READING
    email: str

    def on_start(self) -> None:
        shown = self.client.get("/admin/login/", name="GET /admin/login/").text
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', shown)
        assert token
        sent = {"username": self.email, "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
        self.client.post("/admin/login/?next=/admin/", data=sent, name="POST /admin/login/")
        self.client.headers["X-CSRFToken"] = self.client.cookies["csrftoken"]
        page = self.client.get("/admin/prospects/prospect/", name="GET …/prospects/prospect/").text
        self.cards = [*set(re.findall(r"/admin/prospects/prospect/(\d+)/change/", page))]
        page = self.client.get("/admin/prospects/board/", name="GET …/prospects/board/").text
        self.columns = re.findall(r'data-column="(\d+)"', page)

    def page(self, path: str, name: str | None = None) -> None:
        self.client.get(f"/admin/{path}", name=f"GET …/{name or path}", timeout=SECONDS)

    def card(self) -> str:
        return random.choice(self.cards)

    @task(3)
    def home(self) -> None:
        self.page("")

    @task(4)
    def board(self) -> None:
        self.page("prospects/board/")

    @task(4)
    def list(self) -> None:
        self.page("prospects/prospect/")

    @task(2)
    def search(self) -> None:
        self.page(f"prospects/prospect/?q={random.choice(SEARCHES)}", "prospects/prospect/?q")

    @task(6)
    def one_card(self) -> None:
        card = self.card()
        self.page(f"prospects/prospect/{card}/change/", "prospects/prospect/{id}/change/")
        self.page(f"prospects/prospect/{card}/timeline/", "prospects/prospect/{id}/timeline/")

    @task(3)
    def move(self) -> None:
        self.client.post(
            f"/admin/prospects/board/{self.card()}/move/",
            json={"column": random.choice(self.columns)},
            name="POST …/prospects/board/{id}/move/",
            timeout=SECONDS,
        )

    @task(2)
    def calendar(self) -> None:
        self.page("calendar/")

    @task(2)
    def activities(self) -> None:
        self.page("sales/activity/")

    @task(2)
    def deals(self) -> None:
        self.page("sales/board/")

    @task(2)
    def finding(self) -> None:
        self.page(f"search/?s={random.choice(SEARCHES)}&extended=1", "search/?s")


class OfficeSeller(OfficePerson):
    """Sells; the other half of the two hundred."""

    fixed_count = 100

    def __init__(self, *words: Any) -> None:
        super().__init__(*words)
        self.email = f"seller{next(_sellers):03}@bench.test"


class OfficeLeader(OfficePerson):
    """Leads; the dashboard, quotes and invoices as well."""

    fixed_count = 10

    def __init__(self, *words: Any) -> None:
        super().__init__(*words)
        self.email = f"leader{next(_leaders):03}@bench.test"

    @task(3)
    def dashboard(self) -> None:
        self.page("analytics/dashboard/")

    @task(2)
    def quotes(self) -> None:
        self.page("sales/quote/")

    @task(2)
    def invoices(self) -> None:
        self.page("sales/invoice/")
