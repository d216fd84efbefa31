from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import Notification
from accounts.notifications.services import Notice, notify_users
from core.tenancy import tenant_scope
from tests.people import Person
from tests.staff import messages_of, signed_in

PATH = "/api/v1/notifications"


def tell(person: Person, *, count: int = 1) -> list[int]:
    """Tell somebody several things; return their ids, the oldest first."""
    with tenant_scope(person.user.tenant_id):
        for number in range(count):
            notice = Notice(
                person.id,
                type="deal_won",
                key=f"deal:{number}",
                title="Negocio ganado",
                body=f"El negocio {number} fue marcado como ganado.",
                url=f"/deals/{number}",
            )
            notify_users([notice])
        return list(Notification.objects.of(person.user).reverse().values_list("pk", flat=True))


def unread(person: Person) -> int:
    return person.get(PATH).json()["meta"]["unread_count"]


class TestList:
    def test_shows_the_contracts_fields_the_latest_first(self, team):
        ids = tell(team.alice, count=2)
        body = team.alice.get(PATH).json()
        assert [row["id"] for row in body["data"]] == ids[::-1]
        row = body["data"][1]
        assert row["created_at"].endswith("Z")
        assert {name: row[name] for name in row if name not in ("id", "created_at")} == {
            "type": "deal_won",
            "title": "Negocio ganado",
            "body": "El negocio 0 fue marcado como ganado.",
            "url": "/deals/0",
            "read_at": None,
        }

    def test_is_ones_own(self, team, rivals):
        tell(team.alice)
        for person in (team.bob, team.ada, rivals.ada):
            body = person.get(PATH).json()
            assert (body["data"], body["meta"]["unread_count"]) == ([], 0)

    def test_counts_all_that_is_unread_on_every_page(self, team):
        ids = tell(team.alice, count=3)
        team.alice.post(f"{PATH}/{ids[0]}/read")
        meta = team.alice.get(PATH, {"per_page": 1, "page": 3}).json()["meta"]
        assert (meta["total"], meta["unread_count"]) == (3, 2)

    @pytest.mark.parametrize(("asked", "shown"), [("true", 1), ("1", 1), ("false", 2), ("", 2)])
    def test_can_be_of_the_unread_only(self, team, asked, shown):
        ids = tell(team.alice, count=2)
        team.alice.post(f"{PATH}/{ids[0]}/read")
        rows = team.alice.get(PATH, {"unread_only": asked}).json()["data"]
        assert len(rows) == shown

    @pytest.mark.parametrize("asked", ["maybe", "2", "null", "\u0661"])
    def test_refuses_what_is_neither_yes_nor_no(self, team, asked):
        answer = team.alice.get(PATH, {"unread_only": asked})
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["unread_only"])

    def test_takes_four_statements(self, team, django_assert_num_queries):
        tell(team.alice, count=5)
        with django_assert_num_queries(4):  # who is it, how many, the page, the unread
            team.alice.get(PATH)


class TestRead:
    def test_answers_the_whole_row_and_keeps_the_first_time(self, team):
        (pk,) = tell(team.alice)
        first = team.alice.post(f"{PATH}/{pk}/read").json()["data"]
        again = team.alice.post(f"{PATH}/{pk}/read").json()["data"]
        assert first["read_at"] == again["read_at"] is not None
        assert unread(team.alice) == 0

    def test_is_for_whom_it_was_told(self, team, rivals):
        (pk,) = tell(team.alice)
        for person in (team.bob, rivals.ada):
            assert person.post(f"{PATH}/{pk}/read").status_code == 404
        assert team.alice.post(f"{PATH}/999999999999/read").status_code == 404
        assert unread(team.alice) == 1

    def test_all_leaves_colleagues_theirs(self, team):
        tell(team.alice, count=3)
        tell(team.bob)
        assert set(team.alice.post(f"{PATH}/read-all").json()) == {"message"}
        assert team.alice.post(f"{PATH}/read-all").status_code == 200
        assert (unread(team.alice), unread(team.bob)) == (0, 1)


class TestBackOffice:
    LIST = "admin:accounts_notification_changelist"

    @pytest.mark.parametrize(("count", "shown"), [(3, "3"), (101, "99+"), (0, None)])
    def test_counts_in_the_menu_what_is_unread(self, team, count, shown):
        tell(team.alice, count=count)
        page = signed_in(team.alice.user).get(reverse("admin:index"))
        entries = [
            entry for group in page.context["sidebar_navigation"] for entry in group["items"]
        ]
        (entry,) = [entry for entry in entries if entry.get("icon") == "notifications"]
        assert entry.get("badge") == shown

    def test_marks_as_read_what_is_selected(self, team):
        ids = tell(team.alice, count=2)
        sent = {"action": "mark_read", "_selected_action": ids[:1]}
        page = signed_in(team.alice.user).post(reverse(self.LIST), sent, follow=True)
        assert "1" in messages_of(page)
        assert unread(team.alice) == 1
