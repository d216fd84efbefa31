from __future__ import annotations

import pytest

from prospects.models import Content, Locale, Prospect
from tests.prospects.cards_of import card, category


def process(person, *rows):
    answer = person.post("/prospects/process", list(rows))
    assert answer.status_code == 200, answer.content
    return answer.json()


def only_error(person, row):
    answer = process(person, row)
    assert answer["inserts"] == answer["updates"] == []
    (error,) = answer["errors"]
    return error


class TestRows:
    def test_that_are_new_are_echoed_and_not_written(self, team, everyone):
        row = {
            "name": "John Doe",
            "company": "Acme Corp",
            "email": "John@Acme.com",
            "phone": 5551234567,
            "code": 52,
            "locale": 1,
            "unknown": {"is": "ignored"},
        }
        assert process(team.victor, row) == {"inserts": [row], "updates": [], "errors": []}
        assert not Prospect.objects.exists()

    def test_are_echoed_to_the_last_digit(self, team):
        row = {"name": "Ana", "phone": 538714520072463330669966131200, "external_id": 2**64}
        answer = team.alice.post("/prospects/process", [row])
        assert answer.status_code == 200
        assert b"538714520072463330669966131200" in answer.content

    def test_need_somebody_or_something(self, team):
        for row in ({}, {"code": 52, "type": 1}, {"name": "  ", "email": "", "phone": None}):
            assert only_error(team.alice, row)["code"] == "EMPTY_ROW"

    @pytest.mark.parametrize(
        ("code", "row"),
        [
            ("INVALID_EMAIL", {"email": "not an email"}),
            ("INVALID_EMAIL", {"email": "a\0b@x.mx"}),
            ("INVALID_PHONE", {"phone": "12"}),
            ("INVALID_PHONE", {"phone": 5512345678, "code": 99999}),
            ("INVALID_PHONE", {"phone": -5}),
            ("UNKNOWN_LOCALE", {"name": "A", "locale": 999}),
            ("UNKNOWN_LOCALE", {"name": "A", "locale": "Mars"}),
            ("UNKNOWN_CATEGORY", {"name": "A", "follow_up_id": 10**30}),
            ("INVALID_VALUE", {"name": "x" * 256}),
            ("INVALID_VALUE", {"name": "x" * 10_000}),
            ("INVALID_VALUE", {"name": "a\0b"}),
            ("INVALID_VALUE", {"name": {"first": "A"}}),
            ("INVALID_VALUE", {"email": ["a@x.mx"]}),
            ("INVALID_VALUE", {"phone": True}),
            ("INVALID_VALUE", {"name": "A", "type": 4}),
            ("INVALID_VALUE", {"name": "A", "monthly_shipments": -1}),
            ("INVALID_VALUE", {"name": "A", "monthly_shipments": "many"}),
            ("INVALID_VALUE", {"name": "A", "account_value": 10**12}),
            ("INVALID_VALUE", {"name": "A", "account_value": "-5"}),
            ("INVALID_VALUE", {"name": "A", "account_type": "huge"}),
            ("INVALID_VALUE", {"name": "A", "estimated_close_date": "99999-01-01"}),
            ("INVALID_VALUE", {"name": "A", "content_id": 10**18}),
            ("INVALID_VALUE", {"name": "A", "content_id": "clothing"}),
            ("INVALID_VALUE", {"name": "A", "created_by": 0}),
        ],
    )
    def test_that_cannot_be_read_say_why(self, team, code, row):
        error = only_error(team.alice, row)
        assert error["code"] == code
        assert error["row"] == 0
        assert error["message"]
        assert "existing_id" not in error

    def test_of_another_tenant_do_not_exist(self, team, rivals, everyone):
        foreign = Content.objects.filter(tenant=rivals.tenant).first()
        theirs = category(rivals, "contacted")
        assert only_error(team.ada, {"name": "A", "content_id": foreign.pk})["code"] == (
            "INVALID_VALUE"
        )
        assert only_error(team.ada, {"name": "A", "follow_up_id": theirs.pk})["code"] == (
            "UNKNOWN_CATEGORY"
        )
        assert only_error(team.ada, {"name": "A", "created_by": rivals.alice.id})["code"] == (
            "INVALID_VALUE"
        )
        card(rivals, email="a@x.mx")
        assert process(team.ada, {"email": "a@x.mx"})["inserts"]

    def test_repeat_earlier_accepted_ones(self, team):
        answer = process(
            team.alice,
            {"email": "a@x.mx", "phone": "55 1234 5678"},
            {"email": "A@X.MX "},
            {"name": "B", "phone": "+52 1 55 1234 5678"},
            {"email": "c@x.mx", "type": 9},
            {"email": "c@x.mx"},
            {"external_id": "7"},
            {"external_id": "7"},
        )
        assert [(each["row"], each["code"]) for each in answer["errors"]] == [
            (1, "DUPLICATE_IN_BATCH"),
            (2, "DUPLICATE_IN_BATCH"),
            (3, "INVALID_VALUE"),
            (6, "DUPLICATE_IN_BATCH"),
        ]
        assert answer["errors"][0]["email"] == "A@X.MX "
        assert answer["inserts"][1] == {"email": "c@x.mx"}


class TestKnownCards:
    def test_are_updated_by_email_with_what_changes(self, team):
        known = card(team, owner=team.alice, email="a@x.mx", name="Ana", channel="web")
        row = {"email": "A@x.mx", "name": "Ana López", "channel": "web", "phone": 5512345678}
        answer = process(team.alice, row)
        changes = {"name": "Ana López", "phone": "5512345678", "phone_code": "52"}
        assert answer["updates"] == [{**row, "id": known.pk, "changes": changes}]
        assert answer["inserts"] == answer["errors"] == []

    def test_are_updated_by_email_and_phone_of_one_card(self, team):
        known = card(team, email="a@x.mx", phone_code="52", phone="5512345678")
        row = {
            "email": "a@x.mx",
            "phone": "044 55 1234 5678",
            "company": "Acme",
            "locale": Locale.objects.get(country_code="MX").pk,
            "follow_up_id": category(team, "qualified").pk,
            "created_by": team.bob.id,
            "account_value": 12.5,
        }
        (update,) = process(team.mona, row)["updates"]
        assert update["id"] == known.pk
        assert update["changes"] == {
            "company_name": "Acme",
            "locale": row["locale"],
            "follow_up_id": row["follow_up_id"],
            "created_by": team.bob.id,
            "account_value": 12.5,
        }

    def test_are_duplicates_when_nothing_would_change(self, team):
        known = card(team, email="a@x.mx", name="Ana", phone_code="52", phone="5512345678")
        for row in (
            {"email": "a@x.mx"},
            {"email": "a@x.mx", "name": "Ana ", "phone": "+525512345678"},
        ):
            error = only_error(team.mona, row)
            assert (error["code"], error["existing_id"]) == ("DUPLICATE_EMAIL", known.pk)

    def test_are_duplicates_by_phone_alone(self, team):
        known = card(team, email="a@x.mx", phone_code="52", phone="5512345678")
        error = only_error(team.mona, {"email": "b@x.mx", "phone": 5512345678, "name": "New"})
        assert (error["code"], error["existing_id"]) == ("DUPLICATE_PHONE", known.pk)

    def test_are_told_apart_by_the_country_of_a_phone(self, team):
        card(team, phone_code="1", phone="5512345678")
        assert process(team.mona, {"phone": 5512345678, "code": 52})["inserts"]

    def test_are_duplicates_when_email_and_phone_are_of_two(self, team):
        first = card(team, email="a@x.mx")
        card(team, phone_code="52", phone="5512345678")
        error = only_error(team.mona, {"email": "a@x.mx", "phone": 5512345678, "name": "New"})
        assert (error["code"], error["existing_id"]) == ("DUPLICATE_EMAIL", first.pk)

    def test_are_found_by_external_id(self, team):
        known = card(team, external_id="x-1")
        assert process(team.mona, {"external_id": "x-1", "name": "New"})["updates"]
        error = only_error(team.mona, {"external_id": "x-1"})
        assert (error["code"], error["existing_id"]) == ("DUPLICATE_EXTERNAL_ID", known.pk)

    def test_that_the_caller_may_not_see_stay_unnamed(self, team):
        card(team, owner=team.bob, email="a@x.mx", phone_code="52", phone="5512345678")
        for row in ({"email": "a@x.mx", "name": "New"}, {"phone": 5512345678}):
            error = only_error(team.alice, row)
            assert error["code"].startswith("DUPLICATE_")
            assert "existing_id" not in error
        assert process(team.bob, {"email": "a@x.mx", "name": "New"})["updates"]

    def test_that_are_deleted_are_new_again(self, team, everyone):
        known = card(team, email="a@x.mx")
        Prospect.objects.filter(pk=known.pk).update(deleted_at=known.created_at)
        assert process(team.mona, {"email": "a@x.mx"})["inserts"]

    def test_let_a_later_row_update_after_a_rejected_one(self, team):
        card(team, email="a@x.mx", name="Ana")
        answer = process(team.mona, {"email": "a@x.mx"}, {"email": "a@x.mx", "name": "New"})
        assert [each["row"] for each in answer["errors"]] == [0]
        assert len(answer["updates"]) == 1


class TestBodies:
    @pytest.mark.parametrize("path", ["/prospects/process", "/prospects"])
    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ({"email": "a@x.mx"}, 422),
            ("text", 422),
            (None, 422),
            ([1], 422),
            ([{"name": "A"}, ["b"]], 422),
            ([], 400),
            ([{"name": "A"}] * 1001, 400),
        ],
    )
    def test_that_are_no_batch_are_refused(self, team, path, body, status):
        answer = team.alice.post(path, body)
        assert answer.status_code == status
        assert answer.json()["statusCode"] == status

    def test_that_are_no_json_are_422(self, team):
        for raw in ("[{", b'[{"name": "\\ud800"}]', "[NaN]"):
            answer = team.alice.client.generic("POST", "/prospects/process", raw)
            assert answer.status_code == 422

    def test_need_a_token(self, client, db):
        for path in ("/prospects/process", "/prospects"):
            answer = client.post(path, [{"name": "A"}], content_type="application/json")
            assert answer.status_code == 401
