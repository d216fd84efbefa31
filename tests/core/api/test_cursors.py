from __future__ import annotations

import pytest

from core.tenancy import tenant_scope
from prospects.contacts.models import Contact

PATH = "/api/v1/contacts"


@pytest.fixture
def people(team):
    """Nine people: three times two of one name, and some without a last name."""
    with tenant_scope(team.tenant.pk):
        return Contact.objects.bulk_create(
            Contact(
                first_name="Ana" if n % 3 else "Bea",
                last_name="",
                lead_score=n % 2 * 10,
                owner=team.alice.user,
            )
            for n in range(9)
        )


def read_all(person, **params):
    """Every row, page after page; and how many pages there were."""
    rows, pages, cursor = [], 0, ""
    while cursor is not None:
        answer = person.get(PATH, {"per_page": 2, **params, "cursor": cursor}).json()
        rows += answer["data"]
        pages, cursor = pages + 1, answer["meta"]["next_cursor"]
    return rows, pages


@pytest.mark.usefixtures("people")
class TestACursor:
    @pytest.mark.parametrize(
        "sort", ["", "first_name", "-first_name", "lead_score,-first_name", "-created_at", "id"]
    )
    def test_goes_through_the_list_in_its_order(self, team, sort):
        params = {"sort": sort} if sort else {}
        rows, pages = read_all(team.mona, **params)
        numbered = team.mona.get(PATH, {**params, "per_page": 100}).json()["data"]
        assert [row["id"] for row in rows] == [row["id"] for row in numbered]
        assert pages == 5

    def test_links_to_what_follows(self, team):
        answer = team.mona.get(PATH, {"cursor": "", "per_page": 5}).json()
        assert answer["meta"].keys() == {"path", "per_page", "next_cursor"}
        rest = team.mona.get(answer["links"]["next"]).json()
        assert (len(rest["data"]), rest["links"]["next"]) == (4, None)

    def test_skips_and_repeats_nothing_when_rows_come_and_go(self, team, people):
        first = team.mona.get(PATH, {"cursor": "", "per_page": 4}).json()
        team.mona.post(PATH, {"first_name": "New"})
        team.mona.delete(f"{PATH}/{first['data'][0]['id']}")
        rest = team.mona.get(first["links"]["next"]).json()["data"]
        seen = [row["id"] for row in first["data"] + rest]
        assert seen == sorted((person.pk for person in people), reverse=True)[: len(seen)]

    def test_takes_the_same_few_statements_on_every_page(self, team, django_assert_max_num_queries):
        url = team.mona.get(PATH, {"cursor": "", "per_page": 4}).json()["links"]["next"]
        with django_assert_max_num_queries(3):
            team.mona.get(url)

    def test_belongs_to_its_question(self, team, rivals):
        cursor = team.mona.get(PATH, {"cursor": "", "per_page": 2}).json()["meta"]["next_cursor"]
        for person, params in (
            (team.mona, {"sort": "first_name"}),
            (team.mona, {"search": "ana"}),
            (rivals.mona, {}),
        ):
            answer = person.get(PATH, {**params, "cursor": cursor})
            assert (answer.status_code, list(answer.json()["errors"])) == (422, ["cursor"])

    @pytest.mark.parametrize("cursor", ["x", "WyJhIl0:1:2", "' OR 1=1 --"])
    def test_that_was_made_up_is_refused(self, team, cursor):
        answer = team.mona.get(PATH, {"cursor": cursor})
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["cursor"])


@pytest.mark.usefixtures("people")
class TestFields:
    def test_leaves_only_what_is_asked_for(self, team):
        rows = team.mona.get(PATH, {"fields": "id, first_name"}).json()["data"]
        assert {tuple(row) for row in rows} == {("id", "first_name")}

    def test_names_what_it_does_not_know(self, team):
        answer = team.mona.get(PATH, {"fields": "id,password"})
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["fields"])
        assert "'password'" in answer.json()["message"]
