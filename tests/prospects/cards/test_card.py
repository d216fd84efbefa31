from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from clients.models import Company
from core.tenancy import tenant_scope
from prospects.models import Contact, Content, Prospect, ProspectEvent, Service, TeamAssignment
from tests.prospects.cards_of import card, category

PROSPECT_KEYS = {
    "id",
    "name",
    "company_name",
    "email",
    "phone_code",
    "phone",
    "company_id",
    "follow_up_id",
    "locale_id",
    "type",
    "status",
    "created_by",
    "created_at",
}
FOLLOW_DATA_KEYS = {
    "channel",
    "account_value",
    "monthly_shipments",
    "ecommerce_type_id",
    "account_type",
    "estimated_close_date",
}


def url(made: Prospect, rest: str = "") -> str:
    return f"/prospects/{made.pk}{rest}"


def stored(team, made: Prospect) -> Prospect:
    with tenant_scope(team.tenant.pk):
        return Prospect.objects.get(pk=made.pk)


class TestReading:
    def test_shows_prospect_follow_data_notes_contacts_and_locations(self, team):
        made = card(
            team,
            owner=team.alice,
            name="John Doe",
            email="john@acme.com",
            phone_code="52",
            phone="5551234567",
            locale_id=1,
            at=datetime(2026, 1, 15, 8, tzinfo=UTC),
        )
        answer = team.alice.get(url(made))
        assert answer.status_code == 200
        body = answer.json()
        assert set(body) == {
            "prospect",
            "follow_data",
            "notes",
            "notes_total",
            "contacts",
            "locations",
        }
        assert body["prospect"].keys() >= PROSPECT_KEYS
        assert body["follow_data"].keys() >= FOLLOW_DATA_KEYS
        assert body["prospect"]["created_at"] == "2026-01-15T08:00:00Z"
        assert body["prospect"]["created_by"] == team.alice.id
        assert body["prospect"]["phone"] == "5551234567"
        assert body["contacts"] == []  # the primary person is the prospect itself

    def test_lists_the_other_contacts(self, team):
        made = card(team, name="Ana")
        with tenant_scope(team.tenant.pk):
            Contact.objects.create(prospect=made, first_name="Jane", last_name="Smith")
        (contact,) = team.mona.get(url(made)).json()["contacts"]
        assert (contact["name"], contact["isDefault"]) == ("Jane Smith", False)

    def test_costs_at_most_five_statements_whatever_hangs_on_it(
        self, team, django_assert_max_num_queries
    ):
        made = card(team, owner=team.alice, team_roles={"kae": team.bob, "csr": team.alice})
        for number in range(20):
            team.alice.post(url(made, "/notes"), {"note": f"{number}"})
            with tenant_scope(team.tenant.pk):
                Contact.objects.create(prospect=made, first_name=f"{number}")
        with tenant_scope(team.tenant.pk):
            Company.objects.create(prospect=made)
        with django_assert_max_num_queries(5):
            body = team.alice.get(url(made)).json()
        assert len(body["notes"]) == 20
        assert body["notes"][0]["origin"] == "company"

    def test_is_404_for_a_colleague_who_may_not_see_it_and_for_other_tenants(self, team, rivals):
        made = card(team, owner=team.alice)
        for person in (team.bob, rivals.mona, rivals.ada):
            for answer in (
                person.get(url(made)),
                person.patch(url(made), {"name": "x"}),
                person.patch(url(made, "/data"), {"channel": "x"}),
                person.post(url(made, "/notes"), {"note": "x"}),
            ):
                assert answer.status_code == 404
                assert answer.json()["statusCode"] == 404
        assert stored(team, made).channel == ""

    @pytest.mark.parametrize("pk", ["0", "999999999999999999", "9" * 19, "9" * 400])
    def test_is_404_for_ids_that_nobody_has(self, team, pk):
        assert team.mona.get(f"/prospects/{pk}").status_code == 404

    def test_refuses_an_unknown_source(self, team):
        assert team.mona.get(url(card(team)), {"source": "x"}).status_code == 400

    def test_is_404_once_deleted(self, team):
        made = card(team)
        with tenant_scope(team.tenant.pk):
            Prospect.objects.filter(pk=made.pk).update(deleted_at=datetime.now(UTC))
        assert team.mona.get(url(made)).status_code == 404


class TestChangingTheProspect:
    def test_answers_the_whole_card_and_changes_what_is_sent(self, team):
        made = card(team, owner=team.alice, company_name="Acme", name="John")
        sent = {
            "company_name": "Acme Corporation",
            "email": " John.DOE@acme.com",
            "phone_code": "52",
            "phone": "55 5987-6543",
            "created_by": team.bob.id,
        }
        answer = team.alice.patch(url(made), sent)
        assert answer.status_code == 200, answer.content
        prospect = answer.json()["prospect"]
        assert prospect["company_name"] == "Acme Corporation"
        assert prospect["email"] == "john.doe@acme.com"
        assert (prospect["phone_code"], prospect["phone"]) == ("52", "5559876543")
        assert (prospect["created_by"], prospect["name"]) == (team.bob.id, "John")
        assert team.alice.get(url(made)).status_code == 404  # given away

    def test_keeps_the_primary_contact_and_the_search_in_step(self, team):
        made = card(team, owner=team.alice, name="Old Name")
        team.alice.patch(url(made), {"name": "María José Núñez", "email": "mj@acme.com"})
        with tenant_scope(team.tenant.pk):
            person = Contact.objects.get(prospect=made)
        assert (person.first_name, person.last_name) == ("María", "José Núñez")
        assert (person.email, person.is_primary) == ("mj@acme.com", True)
        found = team.alice.get("/prospects/list", {"search": "jose nunez"}).json()
        assert found["recordsFiltered"] == 1
        assert team.alice.get("/prospects/list", {"search": "old"}).json()["data"] == []

    def test_gives_a_card_without_a_person_its_primary_contact(self, team):
        made = card(team, company_name="Acme", owner=team.alice)
        team.alice.patch(url(made), {"email": "a@acme.com"})
        with tenant_scope(team.tenant.pk):
            assert Contact.objects.get(prospect=made).is_primary

    def test_is_409_for_an_email_or_phone_that_another_card_has(self, team):
        card(team, email="taken@acme.com", phone_code="52", phone="5511111111")
        made = card(team, owner=team.alice, email="mine@acme.com")
        for sent in ({"email": "Taken@acme.com"}, {"phone": "55 1111 1111", "phone_code": 52}):
            answer = team.alice.patch(url(made), sent)
            assert answer.status_code == 409, answer.content
        assert stored(team, made).email == "mine@acme.com"

    def test_lets_the_same_email_live_in_two_tenants(self, team, rivals):
        card(team, email="same@acme.com")
        made = card(rivals, owner=rivals.alice)
        assert rivals.alice.patch(url(made), {"email": "same@acme.com"}).status_code == 200

    def test_clears_what_is_sent_empty(self, team):
        made = card(team, owner=team.alice, email="a@acme.com", phone_code="52", phone="5511111111")
        sent = {"email": "", "phone": None, "created_by": None, "name": None}
        answer = team.mona.patch(url(made), sent).json()["prospect"]
        assert (answer["email"], answer["phone"], answer["phone_code"]) == ("", "", "")
        assert answer["created_by"] is None

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("email", "not an email"),
            ("email", ["a@acme.com"]),
            ("email", "a" * 10_000 + "@acme.com"),
            ("phone", "call me"),
            ("phone", "1" * 10_000),
            ("phone", {"number": 1}),
            ("name", "x" * 10_000),
            ("name", "a\x00b"),
            ("company_name", ["x"]),
            ("created_by", "somebody"),
            ("created_by", 10**30),
            ("created_by", -1),
            ("created_by", True),
        ],
    )
    def test_is_400_with_the_field_for_bad_values(self, team, field, value):
        made = card(team, owner=team.alice, name="Ana")
        answer = team.alice.patch(url(made), {field: value})
        assert answer.status_code == 400, answer.content
        assert field in answer.json()["validation"]
        assert stored(team, made).name == "Ana"

    def test_knows_no_user_of_another_tenant(self, team, rivals):
        made = card(team, owner=team.alice)
        answer = team.alice.patch(url(made), {"created_by": rivals.alice.id})
        assert answer.status_code == 400
        assert "does not exist" in answer.json()["validation"]["created_by"][0]

    @pytest.mark.parametrize("body", ["[1]", '"x"', "null", "{", "NaN", '{"name": "\\ud800"}'])
    def test_is_422_for_a_body_that_is_no_json_object(self, team, body):
        made = card(team, owner=team.alice)
        answer = team.alice.client.patch(url(made), body, content_type="application/json")
        assert answer.status_code == 422
        assert answer.json()["error"] == "Unprocessable Entity"

    def test_is_403_for_a_viewer(self, team):
        made = card(team)
        for path, method in ((url(made), "patch"), (url(made, "/data"), "patch")):
            assert getattr(team.victor, method)(path, {"name": "x"}).status_code == 403
        assert team.victor.post(url(made, "/notes"), {"note": "x"}).status_code == 403

    def test_is_kept_in_the_history_with_who_did_it(self, team):
        made = card(team, owner=team.alice, company_name="Before")
        team.alice.patch(url(made), {"company_name": "After"})
        with tenant_scope(team.tenant.pk):
            event = ProspectEvent.objects.get(pgh_obj_id=made.pk)
        assert event.company_name == "Before"
        assert event.pgh_context["user"] == team.alice.id
        assert event.pgh_context["door"] == "crm-api"


class TestChangingTheFollowUpData:
    def test_takes_every_field_of_the_contract(self, team):
        made = card(team, owner=team.alice)
        with tenant_scope(team.tenant.pk):
            content, service = Content.objects.first(), Service.objects.first()
        sent = {
            "name": "Display",
            "channel": "referral",
            "account_value": 8000.55,
            "monthly_shipments": "100-500",
            "content_id": content.pk,
            "account_type": "enterprise",
            "estimated_close_date": "2026-05-01T00:00:00Z",
            "commercial_offer_date": "2026-04-01",
            "annotations": "High-priority account",
            "locale": 1,
            "follow_up_id": category(team, "negotiation").pk,
            "services": [service.pk],
            "assignments": {"kae": team.bob.id, "csr": None},
        }
        answer = team.alice.patch(url(made, "/data"), sent)
        assert answer.status_code == 200, answer.content
        data, prospect = answer.json()["follow_data"], answer.json()["prospect"]
        assert data["account_value"] == 8000.55
        assert (data["monthly_shipments"], data["monthly_shipments_desc"]) == (100, "100-500")
        assert (data["estimated_close_date"], data["account_type"]) == ("2026-05-01", "enterprise")
        assert (data["services"], data["content_id"]) == ([service.pk], content.pk)
        assert (data["assignments"]["kae"], data["assignments"]["csr"]) == (team.bob.id, None)
        assert (prospect["name"], prospect["locale_id"]) == ("Display", 1)
        assert prospect["follow_name"] == "negotiation"
        assert stored(team, made).account_value == Decimal("8000.55")

    def test_moves_a_card_and_dates_the_move(self, team):
        made = card(team, owner=team.alice, at=datetime(2026, 1, 1, tzinfo=UTC))
        assert stored(team, made).category_changed_at == datetime(2026, 1, 1, tzinfo=UTC)
        same = {"follow_up_id": made.category_id}
        team.alice.patch(url(made, "/data"), same)
        assert stored(team, made).category_changed_at == datetime(2026, 1, 1, tzinfo=UTC)
        team.alice.patch(url(made, "/data"), {"follow_up_id": category(team, "qualified").pk})
        assert stored(team, made).category_changed_at.year >= 2026
        assert stored(team, made).category.name == "qualified"

    def test_leaves_the_parts_of_the_team_that_are_not_named(self, team):
        made = card(team, owner=team.alice, team_roles={"wms": team.bob, "kae": team.bob})
        team.alice.patch(url(made, "/data"), {"assignments": {"kae": None}})
        with tenant_scope(team.tenant.pk):
            roles = list(TeamAssignment.objects.values_list("role", flat=True))
        assert roles == ["wms"]

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("account_value", -1),
            ("account_value", 10**13),
            ("account_value", "1e400"),
            ("account_value", True),
            ("monthly_shipments", -5),
            ("monthly_shipments", 10**12),
            ("monthly_shipments", "many"),
            ("estimated_close_date", "99999-01-01"),
            ("estimated_close_date", 5),
            ("account_type", "gigantic"),
            ("annotations", "x" * 10_001),
            ("channel", "x" * 61),
            ("content_id", 10**30),
            ("content_id", "x"),
            ("follow_up_id", None),
            ("follow_up_id", 0),
            ("locale", 999_999),
            ("services", 5),
            ("services", [0]),
            ("services", [[1]]),
            ("assignments", {"boss": 1}),
            ("assignments", {"kae": "x"}),
            ("assignments", {"kae": 10**30}),
            ("assignments", [1]),
        ],
    )
    def test_is_400_with_the_field_for_bad_values(self, team, field, value):
        made = card(team, owner=team.alice)
        answer = team.alice.patch(url(made, "/data"), {"channel": "new", field: value})
        assert answer.status_code == 400, answer.content
        assert any(name.split(".")[0] == field for name in answer.json()["validation"])
        assert stored(team, made).channel == ""

    def test_knows_no_row_of_another_tenant(self, team, rivals):
        made = card(team, owner=team.alice)
        with tenant_scope(rivals.tenant.pk):
            content, service = Content.objects.first(), Service.objects.first()
        for sent in (
            {"content_id": content.pk},
            {"services": [service.pk]},
            {"follow_up_id": category(rivals, "contacted").pk},
            {"assignments": {"kae": rivals.alice.id}},
        ):
            assert team.alice.patch(url(made, "/data"), sent).status_code == 400, sent

    def test_lets_a_member_of_the_team_write(self, team):
        made = card(team, owner=team.alice, team_roles={"csr": team.bob})
        assert team.bob.patch(url(made, "/data"), {"channel": "expo"}).status_code == 200


class TestCatalogs:
    def test_answer_every_list_of_the_drop_downs(self, team, rivals):
        body = team.alice.get("/prospects/catalogs").json()
        assert set(body) == {
            "follow_up_categories",
            "locales",
            "ecommerce_types",
            "weight_ranges",
            "contents",
            "plan_types",
            "partner_types",
            "partner_origins",
            "lead_statuses",
            "campaigns",
            "services",
            "onboarding_statuses",
        }
        foreign = {row["id"] for row in rivals.alice.get("/prospects/catalogs").json()["contents"]}
        assert not foreign & {row["id"] for row in body["contents"]}
        assert body["locales"][0] | {"rate": 0} == {
            "id": 1,
            "name": "México",
            "country_code": "MX",
            "phone_code": "52",
            "currency": "MXN",
            "rate": 0,
        }
