from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from core.tenancy import across_tenants
from prospects.models import Contact, Locale, Prospect
from tests.people import make_team
from tests.prospects.cards_of import card, category


def create(person, *rows, status=200):
    answer = person.post("/prospects", list(rows))
    assert answer.status_code == status, answer.content
    return answer.json()


class TestCreate:
    def test_makes_a_card_with_its_person(self, team, everyone):
        mexico = Locale.objects.get(country_code="MX")
        row = {
            "name": "John van Doe",
            "company": "Acme Corp",
            "email": "John@Acme.com",
            "phone": 5551234567,
            "code": 52,
            "locale": mexico.pk,
            "type": 3,
            "monthly_shipments": "100-500",
            "follow_up_id": category(team, "qualified").pk,
            "account_value": 99.95,
            "estimated_close_date": "2026-05-01",
        }
        answer = create(team.alice, row)
        (insert,) = answer["inserts"]
        made = Prospect.objects.get(pk=insert["id"])
        assert answer == {
            "inserts": [{"id": made.pk, "email": "john@acme.com", "row": 0}],
            "errors": [],
        }
        assert (made.company_name, made.name, made.e164) == (
            "Acme Corp",
            "John van Doe",
            "+525551234567",
        )
        assert (made.type, made.monthly_shipments, str(made.account_value)) == (3, 100, "99.95")
        assert (made.category.name, made.owner_id) == ("qualified", team.alice.id)
        assert made.locale == mexico
        person = Contact.objects.get(prospect=made)
        assert (person.is_primary, person.first_name, person.last_name) == (True, "John", "van Doe")

    def test_starts_in_the_first_open_category_with_the_caller(self, team, everyone):
        create(team.bob, {"company": "Acme"})
        made = Prospect.objects.get()
        assert (made.category.name, made.owner_id, made.type) == ("new_lead", team.bob.id, 1)
        assert made.category_changed_at == made.created_at

    def test_may_name_another_owner(self, team, everyone):
        create(team.mona, {"company": "Acme", "created_by": team.bob.id})
        assert Prospect.objects.get().owner_id == team.bob.id

    def test_creates_what_is_valid_and_reports_the_rest(self, team, everyone):
        known = card(team, owner=team.alice, email="a@x.mx")
        answer = create(
            team.alice,
            {"email": "a@x.mx", "name": "Changed"},
            {"email": "b@x.mx"},
            {"email": "nobody"},
            {"email": "b@x.mx"},
            {"name": "C"},
        )
        assert [(each["row"], each["email"]) for each in answer["inserts"]] == [
            (1, "b@x.mx"),
            (4, None),
        ]
        assert [(each["row"], each["code"]) for each in answer["errors"]] == [
            (0, "DUPLICATE_EMAIL"),
            (2, "INVALID_EMAIL"),
            (3, "DUPLICATE_IN_BATCH"),
        ]
        assert answer["errors"][0]["existing_id"] == known.pk
        assert Prospect.objects.count() == 3

    def test_answers_409_when_all_are_duplicates(self, team):
        known = card(team, email="a@x.mx")
        answer = create(team.mona, {"email": "a@x.mx"}, status=409)
        assert (answer["statusCode"], answer["error"]) == (409, "Conflict")
        assert answer["inserts"] == []
        assert answer["errors"][0]["existing_id"] == known.pk

    def test_answers_200_when_something_else_was_wrong(self, team):
        card(team, email="a@x.mx")
        answer = create(team.mona, {"email": "a@x.mx"}, {"email": "nobody"})
        assert answer["inserts"] == []

    def test_is_not_for_viewers(self, team, everyone):
        create(team.victor, {"name": "A"}, status=403)
        assert not Prospect.objects.exists()

    def test_without_an_open_category_creates_nothing(self, team, everyone):
        team.alice.user.tenant  # noqa: B018 - loaded before the categories change
        for each in ("new_lead", "contacted", "qualified", "negotiation"):
            category(team, each).delete()
        answer = create(team.alice, {"name": "A"})
        assert answer["errors"][0]["code"] == "UNKNOWN_CATEGORY"

    def test_of_a_thousand_rows_takes_at_most_15_statements(self, team):
        rows = [
            {
                "name": f"Person {n}",
                "email": f"p{n}@x.mx",
                "phone": 5510000000 + n,
                "external_id": str(n),
                "locale": Locale.objects.first().pk,
                "follow_up_id": category(team, "contacted").pk,
                "created_by": team.bob.id,
                "plan_type_id": None,
            }
            for n in range(1000)
        ]
        for person in (team.alice, team.mona):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                answer = person.post("/prospects", rows)
            assert len(queries) <= 15, [each["sql"][:100] for each in queries]
            rows = [
                {**row, "email": f"m{row['email']}", "phone": row["phone"] + 1000} for row in rows
            ]
            rows = [{**row, "external_id": f"m{row['external_id']}"} for row in rows]
            assert len(answer.json()["inserts"]) == 1000


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_neither_duplicate_nor_deadlock(self):
        team = make_team("acme")
        rows = [{"email": f"p{n}@x.mx", "phone": 5510000000 + n} for n in range(200)]
        bodies = [rows, rows[::-1], rows[100:] + rows[:100]]
        answers = []
        start = threading.Barrier(len(bodies))

        def send(body):
            client = APIClient()
            client.credentials(HTTP_AUTHORIZATION=f"Bearer {team.mona.token}")
            start.wait()
            answers.append(client.post("/prospects", body, format="json"))
            connection.close()

        threads = [threading.Thread(target=send, args=[body]) for body in bodies]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
        assert sum(len(answer.json()["inserts"]) for answer in answers) == 200
        with across_tenants():
            assert Prospect.objects.count() == 200
