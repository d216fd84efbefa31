"""`/api/v1/companies`: the same clients, seen through the sales API."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients.companies.models import Company
from core.tenancy import tenant_scope
from prospects.models import Prospect
from tests.clients.clients_of import client, company_again, prospect_again
from tests.prospects.cards_of import card

COMPANIES = "/api/v1/companies"
NORTH = {
    "name": "Distribuidora del Norte SA de CV",
    "domain": "distnorte.mx",
    "industry": "Distribucion",
    "employee_range": "11-50",
    "annual_revenue": 8500000,
    "phone": "+52 81 8888 9999",
    "email": "info@distnorte.mx",
    "tax_id": "DNO900515XYZ",
}


def names(answer):
    return [row["name"] for row in answer.json()["data"]]


class TestCreate:
    def test_answers_201_with_what_was_sent(self, team):
        answer = team.alice.post(COMPANIES, NORTH)
        assert answer.status_code == 201
        made = answer.json()["data"]
        assert {name: made[name] for name in NORTH} == NORTH
        assert (made["contacts_count"], made["owner_id"]) == (0, team.alice.id)
        assert made["created_at"].endswith("000Z") or len(made["created_at"]) == 27

    def test_puts_the_company_on_the_board(self, team):
        made = team.alice.post(COMPANIES, NORTH).json()["data"]
        (row,) = team.alice.get("/prospects/list").json()["data"]
        assert (row["id"], row["company_id"], row["type"]) == (made["prospect_id"], made["id"], 1)
        assert row["company_name"] == NORTH["name"]

    def test_leaves_the_cards_person_alone(self, team):
        """A company's own email and phone stand on the company alone."""
        made = team.alice.post(COMPANIES, NORTH).json()["data"]
        shown = team.alice.get(f"/prospects/{made['prospect_id']}").json()["prospect"]
        assert (shown["email"], shown["phone"], shown["name"]) == ("", "", "")

    def test_gives_it_to_whom_it_is_sent(self, team):
        made = team.mona.post(COMPANIES, {"name": "X", "owner_id": team.bob.id}).json()["data"]
        assert (made["owner_id"], made["owner_name"]) == (team.bob.id, team.bob.user.name)

    def test_takes_two_companies_with_one_tax_id(self, team):
        body = {"name": "Branch", "tax_id": "XAXX010101000"}
        assert team.alice.post(COMPANIES, body).status_code == 201
        assert team.alice.post(COMPANIES, body).status_code == 201

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", None),
            ("name", "  "),
            ("name", "x" * 256),
            ("name", "a\x00b"),
            ("name", ["x"]),
            ("domain", "two words"),
            ("domain", "x" * 256),
            ("industry", "x" * 121),
            ("employee_range", "x" * 31),
            ("employee_range", {}),
            ("annual_revenue", "a lot"),
            ("annual_revenue", -5),
            ("annual_revenue", 10**12),
            ("annual_revenue", True),
            ("phone", "12"),
            ("phone", "+" + "1" * 50),
            ("email", "nobody@"),
            ("email", "x" * 250 + "@x.mx"),
            ("tax_id", "x" * 101),
            ("tax_id", False),
            ("owner_id", 999999999),
            ("owner_id", "me"),
        ],
    )
    def test_refuses_what_cannot_be_by_its_name_and_writes_nothing(self, team, field, value):
        answer = team.alice.post(COMPANIES, {**NORTH, field: value})
        assert answer.status_code == 422
        assert list(answer.json()["errors"]) == [field]
        with tenant_scope(team.tenant.pk):
            assert not Company.objects.exists()
            assert not Prospect.objects.exists()

    def test_needs_a_name(self, team):
        answer = team.alice.post(COMPANIES, {"domain": "x.mx"})
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["name"])

    def test_does_not_give_to_another_tenant(self, team, rivals):
        answer = team.alice.post(COMPANIES, {"name": "X", "owner_id": rivals.alice.id})
        assert answer.status_code == 422
        assert "does not exist" in answer.json()["errors"]["owner_id"][0]

    @pytest.mark.parametrize("body", [[NORTH], "x", None])
    def test_needs_an_object(self, team, body):
        assert team.alice.post(COMPANIES, body).status_code == 422


class TestList:
    def test_has_the_shape_of_the_source(self, team):
        client(team, company_name="Acme", name="John", details={"industry": "Tecnologia"})
        body = team.mona.get(COMPANIES).json()
        (row,) = body["data"]
        assert (row["name"], row["industry"], row["contacts_count"]) == ("Acme", "Tecnologia", 1)
        assert (body["meta"]["total"], body["meta"]["per_page"]) == (1, 25)
        assert set(body["links"]) == {"first", "last", "prev", "next"}

    def test_shows_the_newest_first(self, team):
        client(team, company_name="Old")
        client(team, company_name="New")
        card(team, company_name="No client")
        assert names(team.mona.get(COMPANIES)) == ["New", "Old"]

    def test_follows_the_cards_visibility(self, team, rivals):
        client(team, owner=team.alice, company_name="Alice's")
        client(team, owner=team.bob, company_name="Bob's")
        client(team, owner=team.bob, company_name="Shared", team_roles={"kae": team.alice})
        client(rivals, company_name="Foreign")
        assert names(team.alice.get(COMPANIES)) == ["Shared", "Alice's"]
        assert names(team.bob.get(COMPANIES)) == ["Shared", "Bob's"]
        assert names(team.victor.get(COMPANIES)) == ["Shared", "Bob's", "Alice's"]

    @pytest.mark.parametrize("person", ["alice", "mona"])
    def test_takes_at_most_four_statements(self, team, person):
        reader = getattr(team, person)
        counts = []
        for _ in range(2):
            with CaptureQueriesContext(connection) as statements:
                assert reader.get(COMPANIES).status_code == 200
            counts.append(len(statements))
            for number in range(4):
                client(team, owner=team.alice, company_name=f"C{number}", name="P")
        assert counts[-1] <= 4

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("search=soluciones", ["Soluciones Íntegrales"]),
            ("search=INTEGRALES", ["Soluciones Íntegrales"]),
            ("search=jose", ["Soluciones Íntegrales"]),
            ("search=%25", []),
            ("search=!!!", []),
            ("search=", ["Other", "Soluciones Íntegrales"]),
            ("industry=Retail", ["Other"]),
            ("tax_id=oth-010101-ab1", ["Other"]),
            ("tax_id=nobody", []),
            ("owner_id={alice}", ["Soluciones Íntegrales"]),
            ("owner_id=999999", []),
            ("sort=name", ["Other", "Soluciones Íntegrales"]),
            ("sort=-name", ["Soluciones Íntegrales", "Other"]),
            ("updated_since=2020-01-01", ["Other", "Soluciones Íntegrales"]),
            ("updated_since=2199-01-01", []),
            ("per_page=1&page=2", ["Soluciones Íntegrales"]),
            ("unknown=1", ["Other", "Soluciones Íntegrales"]),
        ],
    )
    def test_filters_and_sorts(self, team, query, found):
        client(team, owner=team.alice, company_name="Soluciones Íntegrales", name="José Paz")
        details = {"industry": "Retail", "tax_id": "OTH010101AB1"}
        client(team, owner=team.bob, company_name="Other", details=details)
        query = query.format(alice=team.alice.id)
        assert names(team.mona.get(f"{COMPANIES}?{query}")) == found

    @pytest.mark.parametrize(
        "query",
        [
            *("owner_id=x", "owner_id=-1", "sort=password", "updated_since=soon", "per_page=0"),
            *("page=0", "tax_id=%00", "search=" + "x" * 300, "owner_id=" + "9" * 30),
        ],
    )
    def test_refuses_what_it_cannot_read_by_its_name(self, team, query):
        answer = team.mona.get(f"{COMPANIES}?{query}")
        assert answer.status_code == 422
        assert list(answer.json()["errors"]) == [query.partition("=")[0]]

    def test_tells_of_a_card_that_changed(self, team):
        acme = client(team, company_name="Acme")
        since = team.mona.get(f"{COMPANIES}/{acme.pk}").json()["data"]["updated_at"]
        team.mona.patch(f"/prospects/{acme.prospect_id}", {"company_name": "Acme II"})
        found = team.mona.get(COMPANIES, {"updated_since": since})
        assert names(found) == ["Acme II"]


class TestChange:
    def test_changes_what_is_sent_alone(self, team):
        made = team.alice.post(COMPANIES, NORTH).json()["data"]
        answer = team.alice.put(f"{COMPANIES}/{made['id']}", {"annual_revenue": 18000000})
        assert answer.status_code == 200
        expected = {**made, "annual_revenue": 18000000}
        assert {**answer.json()["data"], "updated_at": ""} == {**expected, "updated_at": ""}

    def test_renames_the_card_with_it(self, team):
        acme = client(team, owner=team.alice, company_name="Acme")
        team.alice.put(f"{COMPANIES}/{acme.pk}", {"name": "Acme II"})
        shown = team.alice.get(f"/prospects/{acme.prospect_id}").json()["prospect"]
        assert shown["company_name"] == "Acme II"
        assert names(team.alice.get(f"{COMPANIES}?search=acme ii")) == ["Acme II"]

    def test_follows_the_cards_new_name(self, team):
        acme = client(team, owner=team.alice, company_name="Acme")
        team.alice.patch(f"/prospects/{acme.prospect_id}", {"company_name": "Acme II"})
        assert team.alice.get(f"{COMPANIES}/{acme.pk}").json()["data"]["name"] == "Acme II"

    def test_empties_what_is_null(self, team):
        made = team.alice.post(COMPANIES, NORTH).json()["data"]
        nothing = {"tax_id": None, "annual_revenue": None, "email": ""}
        changed = team.alice.put(f"{COMPANIES}/{made['id']}", nothing).json()["data"]
        assert (changed["tax_id"], changed["annual_revenue"], changed["email"]) == ("", None, "")

    def test_answers_even_who_gives_it_away(self, team):
        acme = client(team, owner=team.alice)
        answer = team.alice.put(f"{COMPANIES}/{acme.pk}", {"owner_id": team.bob.id})
        assert answer.json()["data"]["owner_id"] == team.bob.id
        assert team.alice.get(f"{COMPANIES}/{acme.pk}").status_code == 404

    @pytest.mark.parametrize(
        ("field", "value"), [("name", ""), ("name", None), ("annual_revenue", "x")]
    )
    def test_refuses_what_cannot_be_and_writes_nothing(self, team, field, value):
        acme = client(team, owner=team.alice, company_name="Acme")
        body = {"industry": "Retail", field: value}
        answer = team.alice.put(f"{COMPANIES}/{acme.pk}", body)
        assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])
        with tenant_scope(team.tenant.pk):
            assert company_again(acme.pk).industry == ""

    def test_cannot_touch_what_the_platform_reports(self, team):
        acme = client(team, owner=team.alice)
        team.alice.put(f"{COMPANIES}/{acme.pk}", {"balance": 1000, "tier": 5, "prospect_id": 1})
        with tenant_scope(team.tenant.pk):
            again = company_again(acme.pk)
        assert (again.balance, again.tier, again.prospect_id) == (
            Decimal(0),
            None,
            acme.prospect_id,
        )


class TestDelete:
    def test_takes_the_card_with_it(self, team):
        acme = client(team, owner=team.alice, company_name="Acme", email="john@acme.mx")
        answer = team.mona.delete(f"{COMPANIES}/{acme.pk}")
        assert (answer.status_code, answer.json()) == (
            200,
            {"message": "Company deleted successfully."},
        )
        assert team.mona.get(f"/prospects/{acme.prospect_id}").status_code == 404
        assert team.mona.get(f"{COMPANIES}/{acme.pk}").status_code == 404
        assert names(team.mona.get(COMPANIES)) == []
        assert team.mona.get("/prospects/list").json()["recordsTotal"] == 0
        with tenant_scope(team.tenant.pk):
            assert company_again(acme.pk).deleted_at == prospect_again(acme.prospect_id).deleted_at

    def test_frees_the_email(self, team):
        acme = client(team, email="john@acme.mx")
        team.mona.delete(f"{COMPANIES}/{acme.pk}")
        answer = team.mona.post("/prospects", [{"email": "john@acme.mx"}])
        assert len(answer.json()["inserts"]) == 1

    def test_twice_is_404(self, team):
        acme = client(team)
        assert team.mona.delete(f"{COMPANIES}/{acme.pk}").status_code == 200
        assert team.mona.delete(f"{COMPANIES}/{acme.pk}").status_code == 404

    def test_is_not_for_sales_people(self, team):
        acme = client(team, owner=team.alice)
        assert team.alice.delete(f"{COMPANIES}/{acme.pk}").status_code == 403


class TestStrangers:
    @pytest.mark.parametrize(
        ("method", "body"), [("get", None), ("put", {"name": "stolen"}), ("delete", None)]
    )
    def test_find_nothing_and_change_nothing(self, team, rivals, method, body):
        acme = client(team, owner=team.alice, company_name="Acme")
        path = f"{COMPANIES}/{acme.pk}"
        assert getattr(rivals.ada, method)(path, *([body] if body else [])).status_code == 404
        if method != "delete":
            assert getattr(team.bob, method)(path, *([body] if body else [])).status_code == 404
        assert team.alice.get(path).json()["data"]["name"] == "Acme"
