"""What happens is written for those who want to know it, with the change itself."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import WebhookDelivery
from accounts.webhooks.outbox import emit
from accounts.webhooks.services import create_endpoint, edit_endpoint
from core.tenancy import tenant_scope
from tests.prospects.cards_of import card, category
from tests.prospects.imports.plans import bring_in

ALL = [
    *("prospect.created", "prospect.moved", "contact.created", "contact.updated"),
    *("company.created", "company.updated"),
]


def wants(team, *events, url="https://hooks.acme.test/in"):
    with tenant_scope(team.tenant.pk):
        return create_endpoint(url=url, events=events or ALL)


def told(team):
    """Event and object of what waits to be sent, in the order in which it was written."""
    with tenant_scope(team.tenant.pk):
        waiting = WebhookDelivery.objects.order_by("pk")
        return [(each.event, each.data) for each in waiting]


def events(team):
    return [event for event, _data in told(team)]


class TestEmit:
    def test_writes_for_each_endpoint_that_wants_it(self, in_tenant):
        first = wants(in_tenant, "contact.created")
        both = wants(in_tenant, "contact.created", "contact.updated")
        emit({"contact.created": lambda: [{"id": 1}, {"id": 2}]})
        emit({"contact.updated": lambda: [{"id": 3}]})
        rows = WebhookDelivery.objects.values_list("endpoint_id", "event", "object_id")
        assert set(rows) == {
            *((pk, "contact.created", about) for pk in (first.pk, both.pk) for about in (1, 2)),
            (both.pk, "contact.updated", 3),
        }

    def test_asks_one_cheap_question_when_nobody_wants_it(
        self, in_tenant, rivals, django_assert_num_queries
    ):
        wants(rivals)
        wants(in_tenant, "company.created")
        inactive = wants(in_tenant, "contact.created")
        edit_endpoint(endpoint_id=inactive.pk, is_active=False)

        def data():
            raise AssertionError("nobody wants it")

        with django_assert_num_queries(1):
            emit({"contact.created": data, "prospect.created": data})
        with django_assert_num_queries(0):
            emit({})

    def test_writes_many_by_one_statement(self, in_tenant, django_assert_num_queries):
        wants(in_tenant)
        wants(in_tenant)
        with django_assert_num_queries(2):
            emit({"contact.created": lambda: ({"id": number} for number in range(500))})
        assert WebhookDelivery.objects.count() == 1000

    def test_keeps_moments_and_amounts_as_the_api_writes_them(self, in_tenant):
        wants(in_tenant)
        at = datetime(2026, 3, 15, 10, 30, tzinfo=UTC)
        emit({"contact.created": lambda: [{"id": 1, "at": at, "amount": Decimal("0.10")}]})
        data = WebhookDelivery.objects.get().data
        assert data == {"id": 1, "at": "2026-03-15T10:30:00.000000Z", "amount": 0.1}

    def test_tells_once_for_a_transaction_what_stands_at_its_end(self, in_tenant):
        wants(in_tenant)
        emit({"contact.updated": lambda: [{"id": 1, "city": "first"}]})
        emit({"contact.updated": lambda: [{"id": 1, "city": "last"}]})
        assert WebhookDelivery.objects.get().data["city"] == "last"

    def test_tells_what_is_new_as_new_only(self, in_tenant):
        wants(in_tenant)
        emit({"contact.created": lambda: [{"id": 1}]})
        emit({"contact.updated": lambda: [{"id": 1}, {"id": 2}]})
        told = WebhookDelivery.objects.order_by("pk").values_list("event", "object_id")
        assert list(told) == [("contact.created", 1), ("contact.updated", 2)]

    def test_goes_with_the_transaction(self, in_tenant):
        wants(in_tenant)
        with transaction.atomic():
            emit({"contact.created": lambda: [{"id": 1}]})
            transaction.set_rollback(True)
        assert not WebhookDelivery.objects.exists()


class TestCard:
    def test_that_is_new_is_told_with_its_person(self, team, rivals):
        wants(team)
        wants(rivals)
        answer = team.alice.post("/prospects", [{"name": "Ana López", "email": "ana@x.mx"}])
        pk = answer.json()["inserts"][0]["id"]
        (_, data), (_, person) = told(team)
        assert events(team) == ["prospect.created", "contact.created"]
        assert (data["id"], data["name"], data["follow_name"]) == (pk, "Ana López", "new_lead")
        assert (person["prospect_id"], person["emails"]) == (pk, [{"email": "ana@x.mx"}])
        assert told(rivals) == []

    def test_of_a_file_is_told_like_any_other(self, in_tenant):
        wants(in_tenant, "prospect.created")
        bring_in("company\nA\nB\nC\n", by=in_tenant.mona.user)
        assert {data["company_name"] for _, data in told(in_tenant)} == {"A", "B", "C"}

    def test_that_moves_is_told_where_it_is(self, team):
        made = card(team, owner=team.alice)
        wants(team)
        with tenant_scope(team.tenant.pk):
            wanted = category(team, "qualified").pk
        path = f"/prospects/{made.pk}/data"
        assert team.alice.patch(path, {"follow_up_id": wanted}).status_code == 200
        ((event, data),) = told(team)
        assert (event, data["id"], data["follow_up_id"]) == ("prospect.moved", made.pk, wanted)
        assert data["follow_name"] == "qualified"

    def test_that_stays_is_not_told(self, team):
        made = card(team, owner=team.alice)
        wants(team)
        body = {"follow_up_id": made.category_id, "channel": "web"}
        team.alice.patch(f"/prospects/{made.pk}/data", body)
        assert told(team) == []

    def test_whose_person_is_renamed_tells_of_the_person(self, team):
        made = card(team, owner=team.alice, name="Old Name")
        wants(team)
        team.alice.patch(f"/prospects/{made.pk}", {"name": "New Name"})
        ((event, data),) = told(team)
        assert (event, data["full_name"]) == ("contact.updated", "New Name")


class TestContact:
    LEAD = {"first_name": "Ana", "emails": [{"email": "ana@x.mx"}]}

    def test_alone_is_told_when_new_and_when_changed(self, team):
        wants(team)
        pk = team.alice.post("/api/v1/contacts", self.LEAD).json()["data"]["id"]
        assert events(team) == ["contact.created"]
        with tenant_scope(team.tenant.pk):
            WebhookDelivery.objects.all().delete()
        team.alice.put(f"/api/v1/contacts/{pk}", {"city": "León"})
        ((event, data),) = told(team)
        assert (event, data["id"], data["city"]) == ("contact.updated", pk, "León")

    def test_of_a_card_is_told_once_as_new(self, team):
        made = card(team, owner=team.alice, company_name="Acme")
        wants(team)
        for name, phone in (("First", "5512345671"), ("Second", "5512345672")):
            body = {"name": name, "email": f"{name}@x.mx", "phone_code": "52", "phone": phone}
            assert team.alice.post(f"/prospects/{made.pk}/contacts", body).status_code == 200
        assert events(team) == ["contact.created"] * 2


class TestCompany:
    def test_is_told_when_new_and_when_changed(self, team):
        wants(team, "company.created", "company.updated")
        pk = team.alice.post("/api/v1/companies", {"name": "Acme"}).json()["data"]["id"]
        assert [(event, data["name"]) for event, data in told(team)] == [
            ("company.created", "Acme")
        ]
        with tenant_scope(team.tenant.pk):
            WebhookDelivery.objects.all().delete()
        team.alice.put(f"/api/v1/companies/{pk}", {"name": "Acme 2", "industry": "Food"})
        ((event, data),) = told(team)
        assert (event, data["name"], data["industry"]) == ("company.updated", "Acme 2", "Food")

    def test_that_a_prospect_becomes_is_told(self, team):
        made = card(team, owner=team.alice, company_name="Acme")
        wants(team)
        assert team.alice.post("/clients", {"prospect_id": made.pk}).status_code == 200
        assert events(team) == ["company.created"]


class TestImport:
    def test_asks_as_often_for_a_hundred_rows_as_for_two(self, in_tenant):
        asked = []
        for count in (2, 100):
            rows = "".join(f"Company {count} {number}\n" for number in range(count))
            with CaptureQueriesContext(connection) as queries:
                bring_in(f"company\n{rows}", by=in_tenant.mona.user)
            asked.append(len(queries))
        assert asked[0] == asked[1]
