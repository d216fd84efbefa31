"""`POST /clients`: a prospect becomes a client."""

from __future__ import annotations

import pytest

from clients.companies.models import Company
from core.tenancy import tenant_scope
from prospects.models import Prospect
from tests.clients.clients_of import client
from tests.prospects.cards_of import card
from tests.races import at_once


@pytest.fixture
def prospect(team):
    """A card of Alice's."""
    return card(team, owner=team.alice, company_name="Acme Corp", name="John Doe")


class TestBecomingAClient:
    def test_makes_the_company_and_moves_nothing(self, team, prospect):
        body = {
            "prospect_id": prospect.pk,
            "company_name": "Acme SA de CV",
            "tax_id": "acm-010101 ab1",
            "domain": "https://Acme.mx/about",
            "email": "Info@Acme.mx",
            "phone": "+52 55 5555 1234 ext. 7",
            "annual_revenue": 15000000,
            "employee_range": "51-200",
            "industry": "Retail",
        }
        shown = team.alice.post("/clients", body).json()
        company = shown["company"]
        assert company["company_name"] == "Acme SA de CV"
        assert (company["tax_id"], company["domain"]) == ("ACM010101AB1", "acme.mx")
        assert (company["email"], company["phone"]) == ("info@acme.mx", body["phone"])
        assert company["annual_revenue"] == 15000000
        card_page = team.alice.get(f"/prospects/{prospect.pk}").json()["prospect"]
        assert (card_page["company_id"], card_page["type"]) == (company["id"], 1)
        assert card_page["company_name"] == "Acme SA de CV"
        assert card_page["follow_name"] == "new_lead"
        assert team.alice.get(f"/clients/{company['id']}").json() == shown

    def test_keeps_the_name_that_is_not_sent(self, team, prospect):
        shown = team.alice.post("/clients", {"prospect_id": prospect.pk}).json()
        assert shown["company"]["company_name"] == "Acme Corp"

    def test_twice_is_refused(self, team, prospect):
        team.alice.post("/clients", {"prospect_id": prospect.pk})
        answer = team.alice.post("/clients", {"prospect_id": prospect.pk, "company_name": "X"})
        assert answer.status_code == 409
        assert answer.json()["message"] == "This prospect is a client already."
        with tenant_scope(team.tenant.pk):
            assert Company.objects.count() == 1
            assert Prospect.objects.get(pk=prospect.pk).company_name == "Acme Corp"

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("prospect_id", None),
            ("prospect_id", 999999999),
            ("prospect_id", 2**70),
            ("prospect_id", "x"),
            ("prospect_id", True),
            ("prospect_id", {}),
            ("company_name", "x" * 256),
            ("company_name", "a\x00b"),
            ("company_name", []),
            ("tax_id", "x" * 101),
            ("domain", "not a domain"),
            ("domain", "javascript:alert(1)"),
            ("email", "nobody"),
            ("phone", "call me"),
            ("phone", "5" * 41),
            ("annual_revenue", -1),
            ("annual_revenue", "much"),
            ("annual_revenue", 10**12),
            ("industry", {"a": 1}),
            ("employee_range", "x" * 31),
        ],
    )
    def test_refuses_what_cannot_be_by_its_name_and_writes_nothing(
        self, team, prospect, field, value
    ):
        answer = team.alice.post("/clients", {"prospect_id": prospect.pk, field: value})
        assert answer.status_code == 400
        assert list(answer.json()["validation"]) == [field]
        with tenant_scope(team.tenant.pk):
            assert not Company.objects.exists()

    def test_needs_a_prospect(self, team):
        answer = team.alice.post("/clients", {"company_name": "X"})
        assert answer.status_code == 400
        assert list(answer.json()["validation"]) == ["prospect_id"]

    @pytest.mark.parametrize("body", [[], "x", 1])
    def test_needs_an_object(self, team, body):
        assert team.alice.post("/clients", body).status_code == 422

    def test_does_not_find_cards_that_the_caller_may_not_see(self, team, rivals, prospect):
        for person in (team.bob, rivals.mona):
            answer = person.post("/clients", {"prospect_id": prospect.pk})
            assert answer.status_code == 400
            assert "does not exist" in answer.json()["message"]
        with tenant_scope(team.tenant.pk):
            assert not Company.objects.exists()

    def test_is_not_for_who_may_only_look(self, team, prospect):
        share = {"user_id": team.bob.id, "permission": "view"}
        team.alice.post(f"/prospects/{prospect.pk}/shares", share)
        assert team.bob.post("/clients", {"prospect_id": prospect.pk}).status_code == 403


@pytest.mark.django_db(transaction=True)
class TestBecomingAClientAtTheSameMoment:
    def test_makes_one_company(self, team, prospect):
        def become() -> int:
            return team.alice.post("/clients", {"prospect_id": prospect.pk}).status_code

        assert sorted(at_once(become, become, become)) == [200, 409, 409]
        with tenant_scope(team.tenant.pk):
            assert Company.objects.count() == 1

    def test_as_it_is_merged_elsewhere_loses_nothing(self, team, prospect):
        other = client(team, owner=team.alice, company_name="Other")

        def become() -> int:
            return team.alice.post("/clients", {"prospect_id": prospect.pk}).status_code

        def merge() -> int:
            body = {"prospect_id": prospect.pk, "company_id": other.pk}
            return team.alice.post("/clients", body).status_code

        assert 200 in (answers := at_once(become, merge))
        assert len({*answers} - {200}) == 1
        with tenant_scope(team.tenant.pk):
            live = Prospect.objects.filter(pk=prospect.pk).exists()
            assert live == Company.objects.filter(prospect_id=prospect.pk).exists()
