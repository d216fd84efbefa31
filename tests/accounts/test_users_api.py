from __future__ import annotations

import pytest

from accounts.users.models import User
from core.tenancy import across_tenants, tenant_scope
from tests.people import add_user

USERS = "/api/v1/users"


def names(answer) -> list[str]:
    return [user["name"] for user in answer.json()["data"]]


class TestUserList:
    def test_shows_the_colleagues_by_name(self, team, rivals):
        answer = team.alice.get(USERS)
        assert answer.status_code == 200
        assert names(answer) == [
            "Ada Admin",
            "Alice Sales",
            "Bob Sales",
            "Mona Manager",
            "Victor Viewer",
        ]
        assert set(answer.json()["data"][0]) == {"id", "name", "email", "role", "avatar_url"}

    def test_leaves_out_the_deactivated(self, team):
        with tenant_scope(team.tenant.pk):
            User.objects.filter(pk=team.bob.id).update(is_active=False)
        assert "Bob Sales" not in names(team.alice.get(USERS))

    def test_leaves_out_operators(self, team):
        with across_tenants():
            User.objects.create_superuser("ops@example.test", "x", name="Ops")
        assert "Ops" not in names(team.alice.get(USERS))

    def test_costs_three_queries_whatever_the_number(self, team, django_assert_num_queries):
        for number in range(5):
            add_user(team.tenant, f"Extra{number}", "acme", "sales")
        with django_assert_num_queries(3):  # the caller, the count, the page
            team.alice.get(USERS)


class TestUserSearch:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("alice", ["Alice Sales"]),
            ("ALICE", ["Alice Sales"]),
            (" bob@ ", ["Bob Sales"]),
            ("%", []),
            ("_", []),
            ("ada@rivals", []),
            ("", ["Ada Admin", "Alice Sales", "Bob Sales", "Mona Manager", "Victor Viewer"]),
        ],
    )
    def test_finds_part_of_name_or_email(self, team, rivals, text, found):
        assert names(team.alice.get(USERS, {"search": text})) == found

    @pytest.mark.parametrize("text", ["x" * 10_000, "a\x00b"])
    def test_names_what_cannot_be_searched(self, team, text):
        answer = team.alice.get(USERS, {"search": text})
        assert answer.status_code == 422
        assert set(answer.json()["errors"]) == {"search"}


class TestUserOrder:
    @pytest.mark.parametrize(
        ("sort", "first"),
        [("name", "Ada"), ("-name", "Victor"), ("-email", "Victor"), ("role,-name", "Ada")],
    )
    def test_is_by_the_columns_asked_for(self, team, sort, first):
        assert names(team.alice.get(USERS, {"sort": sort}))[0].startswith(first)

    @pytest.mark.parametrize("sort", ["password", "tenant__name", "--name", "name;drop", "?"])
    def test_is_by_no_other_column(self, team, sort):
        answer = team.alice.get(USERS, {"sort": sort})
        assert answer.status_code == 422
        assert set(answer.json()["errors"]) == {"sort"}


class TestUsersChangedSince:
    @pytest.fixture(autouse=True)
    def _one_has_not_changed_lately(self, team):
        old = {"updated_at": "2026-03-01T00:00Z", "role": "sales", "tenant": team.tenant}
        with tenant_scope(team.tenant.pk):
            User.objects.create(name="Olga", email="olga@acme.test", **old)

    @pytest.mark.parametrize(
        ("since", "is_shown"),
        [
            ("2026-03-01T00:00:00Z", True),
            ("2026-03-01T00:00:01Z", False),
            ("2026-02-28T18:00:00", True),  # in Mexico
            ("2026-02-28T18:00:01", False),
            ("2026-03-01", False),
            ("2026-02-28", True),
        ],
    )
    def test_are_those_from_that_moment_on(self, team, since, is_shown):
        shown = names(team.alice.get(USERS, {"updated_since": since}))
        assert ("Olga" in shown) == is_shown
        assert "Bob Sales" in shown

    @pytest.mark.parametrize(
        "since", ["soon", "2026-13-01", "99999-01-01", "9999-12-31T23:59:59-06:00", "x" * 10_000]
    )
    def test_need_a_moment_that_exists(self, team, since):
        answer = team.alice.get(USERS, {"updated_since": since})
        assert answer.status_code == 422
        assert set(answer.json()["errors"]) == {"updated_since"}


class TestUserPages:
    def test_tell_where_they_are(self, team):
        body = team.alice.get(USERS, {"per_page": 2, "page": 2, "search": "acme"}).json()
        assert [user["name"] for user in body["data"]] == ["Bob Sales", "Mona Manager"]
        url = "http://testserver/api/v1/users"
        query = "per_page=2&page={}&search=acme"
        assert body["links"] == {
            "first": f"{url}?{query.format(1)}",
            "last": f"{url}?{query.format(3)}",
            "prev": f"{url}?{query.format(1)}",
            "next": f"{url}?{query.format(3)}",
        }
        assert body["meta"] == {
            "current_page": 2,
            "from": 3,
            "last_page": 3,
            "path": url,
            "per_page": 2,
            "to": 4,
            "total": 5,
        }

    def test_have_nothing_before_the_first_and_after_the_last(self, team):
        links = team.alice.get(USERS).json()["links"]
        assert (links["prev"], links["next"]) == (None, None)

    def test_are_of_25_unless_asked(self, team):
        assert team.alice.get(USERS).json()["meta"]["per_page"] == 25

    @pytest.mark.parametrize(
        ("asked", "given"),
        [("1", 1), ("100", 100), ("101", 100), ("9" * 5000, 100), ("0" * 20 + "50", 50)],
    )
    def test_are_cut_at_100(self, team, asked, given):
        assert team.alice.get(USERS, {"per_page": asked}).json()["meta"]["per_page"] == given

    def test_beyond_the_last_are_empty(self, team):
        body = team.alice.get(USERS, {"page": 10**9}).json()
        assert body["data"] == []
        assert body["meta"]["current_page"] == 10**9
        assert (body["meta"]["from"], body["meta"]["to"]) == (None, None)
        assert (body["meta"]["last_page"], body["meta"]["total"]) == (1, 5)

    @pytest.mark.parametrize("name", ["page", "per_page"])
    @pytest.mark.parametrize("asked", ["0", "-1", "x", "1.5", "1e3", "", " ", "²", "１", "1;2"])
    def test_with_garbage_are_refused(self, team, name, asked):
        answer = team.alice.get(USERS, {name: asked})
        assert answer.status_code == 422
        assert set(answer.json()["errors"]) == {name}

    @pytest.mark.parametrize("asked", ["1" + "0" * 9 + "1", "000000000001" + "9" * 5000])
    def test_with_huge_numbers_are_refused(self, team, asked):
        answer = team.alice.get(USERS, {"page": asked})
        assert answer.status_code == 422
        assert set(answer.json()["errors"]) == {"page"}

    def test_ignore_unknown_parameters(self, team):
        assert team.alice.get(USERS, {"nonsense": "1", "format": "xml"}).status_code == 200

    def test_refuse_a_null_byte_anywhere(self, team):
        for params in ({"nonsense": "\x00"}, {"a\x00": "1"}):
            assert team.alice.get(USERS, params).status_code == 422


class TestUserDetail:
    def test_shows_one_colleague(self, team):
        answer = team.alice.get(f"{USERS}/{team.bob.id}")
        assert answer.json() == {
            "data": {
                "id": team.bob.id,
                "name": "Bob Sales",
                "email": "bob@acme.test",
                "role": "sales",
                "avatar_url": None,
            }
        }

    def test_of_another_tenant_is_as_one_that_does_not_exist(self, team, rivals):
        theirs = team.alice.get(f"{USERS}/{rivals.ada.id}")
        nobodys = team.alice.get(f"{USERS}/{10**17}")
        assert (theirs.status_code, theirs.json()) == (404, {"message": "Not found."})
        assert theirs.json() == nobodys.json()

    @pytest.mark.parametrize("id", ["9" * 19, "-1", "x", "1.0", "1%00", "%ED%A0%80", "1/"])
    def test_of_a_malformed_id_is_not_found(self, team, id):
        answer = team.alice.client.generic("GET", f"{USERS}/{id}")
        assert (answer.status_code, answer.json()) == (404, {"message": "Not found."})
