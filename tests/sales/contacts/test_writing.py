"""`POST`, `PUT` and `DELETE /api/v1/contacts`"""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from core.tenancy import tenant_scope
from prospects.models import Contact, Prospect
from tests.people import Person, make_team
from tests.prospects.cards_of import card
from tests.sales.contacts.contacts_of import CONTACTS, company, contact, ids, stored

ROBERTO = {
    "first_name": "Roberto",
    "last_name": "Hernandez Ruiz",
    "emails": [{"email": "RHernandez@technogroup.mx"}],
    "phones": [{"phone": "+52 81 8765 4321", "type": "office"}],
    "job_title": "Gerente de Compras",
    "lifecycle_stage": "lead",
    "source": "website",
    "city": "Guadalajara",
    "country": "Mexico",
    "custom_fields": {"rfc": "GALM850101ABC", "vip": True, "pets": None, "size": 1.5},
}
# Field → values that no contact can have.
BAD = {
    "first_name": ["", "   ", None, [], {}, True, "x" * 256, "a\0b"],
    "last_name": [[], "x" * 256, "\0"],
    "emails": ["a@b.mx", [1], [None], [{}], [{"email": "nobody"}], [{"email": ["a@b.mx"]}], {}],
    "phones": ["123", [{"phone": "12"}], [{"phone": None}], [{"phone": "x" * 99}], [[]], 5],
    "job_title": ["x" * 256, {}],
    "company_id": ["x", 0, -1, 10**30, [], 1.5, True],
    "owner_id": ["x", 0, -1, 10**30, [], True],
    "lifecycle_stage": ["king", None, 1, []],
    "source": ["x" * 101],
    "city": ["x" * 256, []],
    "country": ["x" * 101],
    "custom_fields": [
        None,
        [],
        "x",
        {"a": {"b": 1}},
        {"a": [1]},
        {f"k{n}": 1 for n in range(51)},
        {"": 1},
        {"k" * 101: 1},
        {"a": "v" * 1001},
        {"a": 10**400},
        {"a": 1234567890123456789},
        {"a": "\0"},
    ],
}
CASES = [(field, value) for field, values in BAD.items() for value in values]


def everything(team):
    with tenant_scope(team.tenant.pk):
        return Contact.all_objects.count(), Prospect.all_objects.count()


class TestCreate:
    def test_answers_what_was_sent(self, team):
        answer = team.alice.post(CONTACTS, ROBERTO)
        assert answer.status_code == 201
        data = answer.json()["data"]
        assert data["full_name"] == "Roberto Hernandez Ruiz"
        assert data["emails"] == [{"email": "rhernandez@technogroup.mx"}]
        assert data["phones"] == ROBERTO["phones"]
        same = ("job_title", "lifecycle_stage", "source", "city", "country", "custom_fields")
        assert {name: data[name] for name in same} == {name: ROBERTO[name] for name in same}
        assert (data["owner_id"], data["owner_name"]) == (team.alice.id, "Alice Sales")
        assert (data["company_id"], data["company_name"]) == (None, None)
        assert data["created_at"].endswith("Z")
        assert data == team.alice.get(f"{CONTACTS}/{data['id']}").json()["data"]

    def test_hangs_on_the_card_of_a_company(self, team):
        office = company(team, owner=team.alice, name="Techno Group")
        first = contact(team.alice, **ROBERTO, company_id=office.pk)
        assert (first["company_id"], first["company_name"]) == (office.pk, "Techno Group")
        with tenant_scope(team.tenant.pk):
            made = Prospect.objects.get(pk=office.prospect_id)
        assert (made.name, made.email) == ("Roberto Hernandez Ruiz", "rhernandez@technogroup.mx")
        second = contact(team.alice, first_name="Eva", company_id=office.pk)
        assert stored(team, second["id"]).is_primary is False

    def test_keeps_every_address_once(self, team):
        emails = [{"email": "a@x.mx"}, {"email": "A@X.mx "}, "b@x.mx"]
        phones = [{"phone": "+52 55 1234 5678", "type": "mobile"}, "5512345678", "+1 212 555 0100"]
        data = contact(team.alice, emails=emails, phones=phones)
        assert data["emails"] == [{"email": "a@x.mx"}, {"email": "b@x.mx"}]
        shown = [each["phone"] for each in data["phones"]]
        assert shown == ["+52 55 1234 5678", "+1 212-555-0100"]

    def test_takes_a_name_alone(self, team):
        data = contact(team.alice, emails=[], phones=[], last_name=None, city=None)
        assert (data["emails"], data["phones"], data["primary_email"]) == ([], [], None)

    @pytest.mark.parametrize(("field", "value"), CASES)
    def test_refuses_what_cannot_be_and_writes_nothing(self, team, field, value):
        before = everything(team)
        answer = team.alice.post(CONTACTS, {**ROBERTO, field: value})
        assert answer.status_code == 422, answer.content
        assert {name.partition(".")[0] for name in answer.json()["errors"]} == {field}
        assert everything(team) == before

    @pytest.mark.parametrize("body", ['{"first_name": NaN}', "[]", '"x"', "{", "null"])
    def test_refuses_what_is_no_object(self, team, body):
        answer = team.alice.client.generic("POST", CONTACTS, body, "application/json")
        assert answer.status_code == 422
        assert answer.json()["message"]

    def test_refuses_more_addresses_than_anybody_has(self, team):
        many = [{"email": f"p{n}@x.mx"} for n in range(21)]
        answer = team.alice.post(CONTACTS, {"first_name": "X", "emails": many})
        assert set(answer.json()["errors"]) == {"emails"}

    def test_refuses_companies_and_owners_that_are_not_there_for_the_caller(self, team, rivals):
        theirs, bobs = company(rivals, owner=rivals.ada), company(team, owner=team.bob)
        for sent in (
            {"company_id": theirs.pk},
            {"company_id": bobs.pk},
            {"company_id": 999_999},
            {"owner_id": rivals.ada.id},
        ):
            answer = team.alice.post(CONTACTS, {"first_name": "X", **sent})
            assert answer.status_code == 422
            assert "does not exist" in answer.json()["errors"][next(iter(sent))][0]


class TestDuplicate:
    @pytest.fixture
    def known(self, team):
        return contact(team.alice, emails=["first@x.mx", "second@x.mx"])["id"]

    @pytest.mark.parametrize("email", ["FIRST@x.mx", "second@x.mx"])
    def test_is_named_beside_the_new_one(self, team, known, email):
        answer = team.alice.post(CONTACTS, {"first_name": "Twin", "emails": [email]})
        assert answer.status_code == 201
        assert answer.json()["duplicate_of"] == known != answer.json()["data"]["id"]

    def test_is_refused_where_it_may_not_be(self, team, known):
        before = everything(team)
        body = {"first_name": "Twin", "emails": ["new@x.mx", "second@x.mx"]}
        answer = team.alice.post(CONTACTS, {**body, "allow_duplicate": False})
        assert answer.status_code == 409
        assert str(known) in answer.json()["message"]
        assert everything(team) == before

    def test_is_found_among_imported_leads(self, team):
        card(team, owner=team.alice, name="Lead", email="lead@x.mx")
        answer = team.alice.post(CONTACTS, {"first_name": "Twin", "emails": ["lead@x.mx"]})
        assert answer.json()["duplicate_of"] in ids(team.alice.get(CONTACTS, {"search": "lead"}))

    def test_of_somebody_whom_the_caller_does_not_see_is_none(self, team, known):
        body = {"first_name": "Twin", "emails": ["first@x.mx"], "allow_duplicate": False}
        answer = team.bob.post(CONTACTS, body)
        assert answer.status_code == 201
        assert "duplicate_of" not in answer.json()


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_create_one_contact_where_none_may_be_twice(self):
        team = make_team("acme")
        body = {"first_name": "Twin", "emails": ["same@x.mx"], "allow_duplicate": False}
        both = threading.Barrier(2)

        def send(answers):
            both.wait()
            answers.append(Person(team.mona.user).post(CONTACTS, body).status_code)
            connection.close()

        answers: list[int] = []
        threads = [threading.Thread(target=send, args=(answers,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(answers) == [201, 409]
        assert everything(team)[0] == 1


class TestUpdate:
    def test_changes_only_what_is_sent(self, team):
        made = contact(team.alice, **ROBERTO)
        sent = {"lifecycle_stage": "customer", "job_title": "Directora General"}
        answer = team.alice.put(f"{CONTACTS}/{made['id']}", sent)
        assert answer.status_code == 200
        kept = {"lead_score": answer.json()["data"]["lead_score"]}
        kept["updated_at"] = answer.json()["data"]["updated_at"]
        assert answer.json()["data"] == {**made, **sent, **kept}

    def test_replaces_lists_and_custom_fields(self, team):
        path = f"{CONTACTS}/{contact(team.alice, **ROBERTO)['id']}"
        sent = {"emails": ["new@x.mx", "other@x.mx"], "phones": [], "custom_fields": {"a": 1}}
        data = team.alice.put(path, sent).json()["data"]
        assert data["emails"] == [{"email": "new@x.mx"}, {"email": "other@x.mx"}]
        assert (data["phones"], data["custom_fields"]) == ([], {"a": 1})

    def test_of_a_cards_own_person_changes_the_card(self, team):
        made = card(team, owner=team.alice, name="Ana Torres", email="ana@x.mx", company_name="T")
        (pk,) = ids(team.alice.get(CONTACTS))
        sent = {"first_name": "Ana Luz", "emails": ["luz@x.mx"], "city": "León"}
        data = team.alice.put(f"{CONTACTS}/{pk}", sent).json()["data"]
        assert (data["first_name"], data["last_name"], data["city"]) == (
            "Ana Luz",
            "Torres",
            "León",
        )
        shown = team.alice.get(f"/prospects/{made.pk}").json()["prospect"]
        assert (shown["name"], shown["email"]) == ("Ana Luz Torres", "luz@x.mx")

    def test_refuses_an_email_that_another_card_has(self, team):
        card(team, owner=team.bob, name="Bobs", email="taken@x.mx")
        card(team, owner=team.alice, name="Ana", email="ana@x.mx")
        (pk,) = ids(team.alice.get(CONTACTS))
        answer = team.alice.put(f"{CONTACTS}/{pk}", {"emails": ["taken@x.mx"], "city": "León"})
        assert answer.status_code == 409
        assert (stored(team, pk).email, stored(team, pk).city) == ("ana@x.mx", "")

    def test_hangs_somebody_on_another_company(self, team):
        old, new = (company(team, owner=team.alice, name=name) for name in ("Old", "New"))
        contact(team.alice, first_name="Boss", company_id=old.pk)
        pk = contact(team.alice, first_name="Mover", company_id=old.pk)["id"]
        path = f"{CONTACTS}/{pk}"
        data = team.alice.put(path, {"company_id": new.pk}).json()["data"]
        assert (data["company_id"], data["company_name"]) == (new.pk, "New")
        assert stored(team, pk).is_primary
        assert team.alice.put(path, {"company_id": None}).status_code == 409
        assert ids(team.alice.get(CONTACTS, {"search": "old"})) != [pk]

    def test_takes_somebody_off_a_company(self, team):
        office = company(team, owner=team.alice)
        contact(team.alice, first_name="Boss", company_id=office.pk)
        pk = contact(team.alice, first_name="Freelancer", company_id=office.pk)["id"]
        data = team.alice.put(f"{CONTACTS}/{pk}", {"company_id": None}).json()["data"]
        assert data["company_id"] is None
        assert ids(team.alice.get(CONTACTS, {"search": "freelancer"})) == [pk]

    @pytest.mark.parametrize(("field", "value"), CASES)
    def test_refuses_what_cannot_be_and_writes_nothing(self, team, field, value):
        made = contact(team.alice, **ROBERTO)
        path = f"{CONTACTS}/{made['id']}"
        answer = team.alice.put(path, {"city": "Other", field: value})
        assert answer.status_code == 422, answer.content
        assert team.alice.get(path).json()["data"] == made


class TestDelete:
    def test_is_soft(self, team):
        pk = contact(team.alice)["id"]
        answer = team.mona.delete(f"{CONTACTS}/{pk}")
        assert (answer.status_code, list(answer.json())) == (200, ["message"])
        assert team.mona.get(f"{CONTACTS}/{pk}").status_code == 404
        assert team.mona.delete(f"{CONTACTS}/{pk}").status_code == 404
        assert stored(team, pk).deleted_at is not None

    def test_refuses_the_primary_among_others(self, team):
        office = company(team, owner=team.alice)
        boss = contact(team.alice, first_name="Boss", company_id=office.pk)["id"]
        contact(team.alice, first_name="Other", company_id=office.pk)
        assert team.mona.delete(f"{CONTACTS}/{boss}").status_code == 409
        assert stored(team, boss).deleted_at is None
