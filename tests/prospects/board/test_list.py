from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from clients.models import Company
from core.tenancy import tenant_scope
from prospects.board.querysets import COMPANY_TABLE, SORTABLE
from prospects.followups.services import add_note
from prospects.models import AcquisitionCampaign, LeadStatus, Prospect, ProspectService, Service
from tests.prospects.cards_of import card, category

LIST = "/prospects/list"
CONTRACT_KEYS = {
    "id",
    "company_name",
    "follow_name",
    "salesman_name",
    "balance",
    "account_value",
    "first_contact",
    "last_contact",
    "days_uc",
    "days_without_contact",
    "next_contact",
    "monthly_shipments_desc",
    "campaign",
    "lead_status",
    "estimated_close_date",
}


def ids(answer) -> list[int]:
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["data"]]


def found(person, **params) -> set[int]:
    return set(ids(person.get(LIST, params)))


class TestRecords:
    def test_have_every_column_of_the_contract(self, team):
        made = card(team, owner=team.alice, account_value=Decimal("5000.5"), monthly_shipments=150)
        answer = team.mona.get(LIST).json()
        assert (answer["recordsTotal"], answer["recordsFiltered"]) == (1, 1)
        (row,) = answer["data"]
        assert row.keys() >= CONTRACT_KEYS
        assert row["id"] == made.pk
        assert row["follow_name"] == "new_lead"
        assert row["salesman_name"] == "Alice Sales"
        assert row["account_value"] == 5000.5
        assert row["monthly_shipments_desc"] == "100-500"
        assert (row["balance"], row["tier"], row["company_id"]) == (0, "", None)

    def test_show_days_in_the_time_zone_of_the_tenant(self, team):
        """At 04:00 UTC it is still the day before in Mexico."""
        with time_machine.travel(datetime(2026, 3, 10, 4, tzinfo=UTC), tick=False):
            made = card(team)
            with tenant_scope(team.tenant.pk):
                scheduled = datetime(2026, 3, 20, 5, tzinfo=UTC)
                add_note(
                    prospect_id=made.pk,
                    note="x",
                    scheduled_at=scheduled,
                    by=team.alice.user,
                    at=timezone.now(),
                )
        with time_machine.travel(datetime(2026, 3, 19, 5, tzinfo=UTC), tick=False):
            person = type(team.mona)(team.mona.user)
            (row,) = person.get(LIST).json()["data"]
        assert row["first_contact"] == row["last_contact"] == "2026-03-09"
        assert row["next_contact"] == "2026-03-19"
        assert row["days_without_contact"] == row["days_uc"] == 9

    def test_show_the_company_of_a_client(self, team):
        made = card(team)
        with tenant_scope(team.tenant.pk):
            company = Company.objects.create(prospect=made, balance=Decimal("15000.10"), tier=3)
        (row,) = team.mona.get(LIST).json()["data"]
        assert (row["balance"], row["tier"], row["company_id"]) == (15000.1, "gold", company.pk)

    def test_name_the_table_that_the_relation_leads_to(self):
        assert Prospect._meta.get_field("company").related_model._meta.db_table == COMPANY_TABLE

    @pytest.mark.parametrize(
        ("shipments", "band"),
        [(0, "0"), (1, "1-50"), (49, "1-50"), (50, "50-100"), (999, "500-1000"), (5000, "5000+")],
    )
    def test_put_shipments_into_bands(self, team, shipments, band):
        card(team, monthly_shipments=shipments)
        (row,) = team.mona.get(LIST).json()["data"]
        assert row["monthly_shipments_desc"] == band


class TestVisibility:
    def test_shows_salespeople_their_own_and_their_teams_cards(self, team):
        own = card(team, owner=team.alice)
        assigned = card(team, owner=team.bob, team_roles={"csr": team.alice})
        card(team, owner=team.bob)
        answer = team.alice.get(LIST)
        assert set(ids(answer)) == {own.pk, assigned.pk}
        assert answer.json()["recordsTotal"] == 2

    def test_shows_managers_and_viewers_everything_of_their_tenant(self, team, rivals):
        made = {card(team, owner=team.alice).pk, card(team).pk}
        card(rivals)
        assert found(team.mona) == found(team.victor) == made

    @pytest.mark.parametrize("name", ["salesman", "startDate", "endDate"])
    @pytest.mark.parametrize("path", [LIST, "/prospects/grouped", "/prospects/kpis"])
    def test_keeps_some_filters_for_those_who_see_everything(self, team, path, name):
        value = str(team.bob.id) if name == "salesman" else "2026-01-01"
        assert team.alice.get(path, {name: value}).status_code == 403
        assert team.mona.get(path, {name: value}).status_code == 200

    def test_keeps_partners_apart(self, team):
        client, partner = card(team, type=2), card(team, type=3)
        assert found(team.mona) == {client.pk}
        assert found(team.mona, source="partner") == {partner.pk}


class TestFilters:
    def test_by_owner(self, team):
        of_alice, of_bob, of_nobody = (
            card(team, owner=team.alice),
            card(team, owner=team.bob),
            card(team),
        )
        assert found(team.mona, salesman=team.alice.id) == {of_alice.pk}
        assert found(team.mona, salesman=f"{team.alice.id},{team.bob.id}") == {
            of_alice.pk,
            of_bob.pk,
        }
        assert found(team.mona, salesman="0") == found(team.mona, salesman="null") == {of_nobody.pk}
        assert found(team.mona, salesman=f"null,{team.bob.id}") == {of_nobody.pk, of_bob.pk}

    def test_by_category_under_both_of_its_names(self, team):
        card(team)
        won = card(team, category_name="active_client")
        for name in ("category", "follow"):
            assert found(team.mona, **{name: won.category_id}) == {won.pk}

    @pytest.mark.parametrize(
        ("parameter", "role"),
        [
            ("kae", "kae"),
            ("kae_ltl", "kae_ltl"),
            ("csr", "csr"),
            ("csr_ltl", "csr_ltl"),
            ("fullfilment", "fulfillment"),
            ("wms", "wms"),
            ("ecartpay", "ecartpay"),
            ("parapaquetes", "parapaquetes"),
        ],
    )
    def test_by_each_part_of_the_team(self, team, parameter, role):
        mine = card(team, team_roles={role: team.bob})
        nobodys = card(team, team_roles={"csr" if role != "csr" else "wms": team.bob})
        assert found(team.mona, **{parameter: team.bob.id}) == {mine.pk}
        assert found(team.mona, **{parameter: "0"}) == {nobodys.pk}

    @pytest.mark.parametrize(
        ("parameter", "relation"),
        [
            ("onboarding", "onboarding_status"),
            ("ecommerce", "ecommerce_type"),
            ("campaing", "campaign"),
            ("weightRange", "weight_range"),
            ("contentId", "content"),
            ("planTypeId", "plan_type"),
            ("leadStatus", "lead_status"),
        ],
    )
    def test_by_each_catalogue(self, team, parameter, relation):
        model = Prospect._meta.get_field(relation).related_model
        with tenant_scope(team.tenant.pk):
            entry = model.objects.create(name="the one that is looked for")
        chosen, other = card(team, **{f"{relation}_id": entry.pk}), card(team)
        assert found(team.mona, **{parameter: entry.pk}) == {chosen.pk}
        assert found(team.mona, **{parameter: "null"}) == {other.pk}

    def test_by_type(self, team):
        prospect, client = card(team), card(team, type=2)
        assert found(team.mona, type=2) == {client.pk}
        assert found(team.mona, type="1,2") == {prospect.pk, client.pk}

    def test_by_day_of_creation_with_both_days_included(self, team):
        """Mexico City is UTC−6: its 15 March is 06:00 UTC to 06:00 UTC."""
        first = card(team, at=datetime(2026, 3, 15, 6, tzinfo=UTC))
        latest = card(team, at=datetime(2026, 3, 16, 5, 59, 59, tzinfo=UTC))
        card(team, at=datetime(2026, 3, 15, 5, 59, 59, tzinfo=UTC))
        card(team, at=datetime(2026, 3, 16, 6, tzinfo=UTC))
        both = {first.pk, latest.pk}
        assert found(team.mona, startDate="2026-03-15", endDate="2026-03-15") == both

    @pytest.mark.parametrize(
        ("parameter", "column"),
        [
            ("estimatedCloseDate", "estimated_close_date"),
            ("commercialOfferDate", "commercial_offer_date"),
        ],
    )
    def test_by_ranges_of_days(self, team, parameter, column):
        chosen = card(team, **{column: date(2026, 5, 1)})
        card(team, **{column: date(2026, 5, 2)})
        card(team)
        start, end = f"{parameter}[0]", f"{parameter}[1]"
        assert found(team.mona, **{start: "2026-05-01", end: "2026-05-01"}) == {chosen.pk}
        assert found(team.mona, **{end: "2026-05-01"}) == {chosen.pk}
        both = {f"{parameter}[]": ["2026-05-01", "2026-05-01"]}
        assert set(ids(team.mona.get(LIST, both))) == {chosen.pk}

    def test_by_month_of_the_estimated_close(self, team):
        chosen = card(team, estimated_close_date=date(2026, 12, 31))
        card(team, estimated_close_date=date(2027, 1, 1))
        assert found(team.mona, estimatedCloseMonth="2026-12") == {chosen.pk}

    def test_by_next_contact(self, team):
        chosen, other = card(team), card(team)
        with tenant_scope(team.tenant.pk):
            for made, day in ((chosen, 20), (other, 21)):
                add_note(
                    prospect_id=made.pk,
                    note="x",
                    scheduled_at=datetime(2030, 3, day, 18, tzinfo=UTC),
                    by=None,
                    at=timezone.now(),
                )
        params = {"nextContact[0]": "2030-03-20", "nextContact[1]": "2030-03-20"}
        assert found(team.mona, **params) == {chosen.pk}

    def test_by_least_shipments(self, team):
        enough = card(team, monthly_shipments=100)
        card(team, monthly_shipments=99)
        card(team)
        assert found(team.mona, minShipments=100) == {enough.pk}

    def test_by_recharge(self, team):
        recharged, client, prospect = card(team), card(team), card(team)
        with tenant_scope(team.tenant.pk):
            Company.objects.create(prospect=recharged, first_recharge_at=timezone.now())
            Company.objects.create(prospect=client)
        assert found(team.mona, hasRecharge=1) == {recharged.pk}
        assert found(team.mona, hasRecharge=0) == {client.pk, prospect.pk}

    @pytest.mark.parametrize(
        "search",
        [
            "ACME",
            "lópez",
            "LOPEZ",
            "jose l",
            "j.lopez@",
            "5512345678",
            "55 1234 5678",
            "+52 55 12",
            "345",
        ],
    )
    def test_by_search_whatever_case_and_accents(self, team, search):
        chosen = card(
            team,
            company_name="Acmé S.A.",
            name="José López",
            email="j.lopez@acme.mx",
            phone_code="52",
            phone="5512345678",
        )
        card(team, company_name="Otra", name="Ana Ruiz", email="ana@otra.mx")
        assert found(team.mona, search=search) == {chosen.pk}

    def test_by_search_from_the_start_of_a_word_with_one_or_two_characters(self, team):
        chosen = card(team, company_name="Grupo Zafiro")
        card(team, company_name="Azafran")
        assert found(team.mona, search="za") == found(team.mona, search="Z") == {chosen.pk}

    @pytest.mark.parametrize("search", ["%", "_", "50%", "\\", "'; DROP TABLE", "..."])
    def test_by_search_takes_wildcards_and_sql_for_text(self, team, search):
        card(team, company_name="Acme")
        assert found(team.mona, search=search) == set()

    def test_combine_and_count_what_they_leave(self, team):
        chosen = card(team, owner=team.bob, company_name="Zafiro", monthly_shipments=10)
        card(team, owner=team.bob, company_name="Zafiro Sur")
        answer = team.mona.get(
            LIST, {"search": "zafiro", "salesman": team.bob.id, "minShipments": 5}
        ).json()
        assert [row["id"] for row in answer["data"]] == [chosen.pk]
        assert (answer["recordsTotal"], answer["recordsFiltered"]) == (2, 1)

    def test_take_a_blank_parameter_for_absent(self, team):
        card(team)
        assert team.alice.get(LIST, {"salesman": "", "search": " ", "type": ""}).status_code == 200


class TestBadParameters:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("salesman", "x"),
            ("type", "1,x"),
            ("kae", "-1"),
            ("category", "9" * 30),
            ("startDate", "yesterday"),
            ("startDate", "99999-01-01"),
            ("startDate", "2026-02-30"),
            ("endDate", "0001-01-01"),
            ("estimatedCloseMonth", "2026-13"),
            ("estimatedCloseMonth", "March"),
            ("nextContact[0]", "x"),
            ("commercialOfferDate[1]", "2026-15-01"),
            ("minShipments", "many"),
            ("minShipments", "-5"),
            ("hasRecharge", "2"),
            ("source", "everything"),
            ("start", "-1"),
            ("length", "0"),
            ("length", "ten"),
            ("sortBy", "password"),
            ("sortType", "sideways"),
            ("report", "maybe"),
            ("search", "x" * 10_000),
            ("search", "a\x00b"),
            ("salesman", ",".join("1" * 501)),
        ],
    )
    def test_are_400_with_their_name(self, team, name, value):
        answer = team.mona.get(LIST, {name: value})
        assert answer.status_code == 400, answer.content
        assert answer.json()["error"] == "Bad Request"
        assert list(answer.json()["validation"]) == [name]

    def test_end_before_start_is_400(self, team):
        answer = team.mona.get(LIST, {"startDate": "2026-03-02", "endDate": "2026-03-01"})
        assert answer.status_code == 400
        assert "endDate" in answer.json()["validation"]

    def test_a_huge_but_readable_number_is_taken(self, team):
        card(team, monthly_shipments=5)
        assert found(team.mona, minShipments=10**12) == set()
        assert found(team.mona, salesman=10**17) == set()

    def test_unknown_ones_are_ignored(self, team):
        card(team)
        assert len(found(team.mona, nonsense="1")) == 1


class TestPages:
    def test_are_25_long_and_cut_at_100(self, team):
        for _ in range(102):
            card(team)
        assert len(ids(team.mona.get(LIST))) == 25
        assert len(ids(team.mona.get(LIST, {"length": 10**9}))) == 100
        assert len(ids(team.mona.get(LIST, {"start": 100}))) == 2
        beyond = team.mona.get(LIST, {"start": 10**9}).json()
        assert (beyond["recordsTotal"], beyond["data"]) == (102, [])

    def test_follow_each_other_without_gap_or_repeat(self, team):
        at = timezone.now()
        made = [card(team, at=at).pk for _ in range(7)]
        seen = [
            pk for n in range(4) for pk in ids(team.mona.get(LIST, {"start": n * 2, "length": 2}))
        ]
        assert seen == made[::-1]


class TestSorting:
    @pytest.mark.parametrize("direction", ["asc", "desc"])
    @pytest.mark.parametrize("name", sorted(SORTABLE))
    def test_works_by_every_column(self, team, name, direction):
        made = {card(team).pk, card(team, owner=team.alice).pk}
        assert found(team.mona, sortBy=name, sortType=direction) == made

    def test_offers_every_column_of_a_record(self, team):
        card(team)
        (row,) = team.mona.get(LIST).json()["data"]
        assert set(row) - {"services", "phone_code"} == set(SORTABLE)

    def test_puts_nulls_last_both_ways(self, team):
        low, high, none = card(team, account_value=1), card(team, account_value=2), card(team)
        sort = {"sortBy": "account_value"}
        assert ids(team.mona.get(LIST, sort)) == [low.pk, high.pk, none.pk]
        assert ids(team.mona.get(LIST, {**sort, "sortType": "desc"})) == [high.pk, low.pk, none.pk]

    def test_goes_by_the_number_of_days_not_by_the_date(self, team):
        old = card(team, at=datetime(2026, 1, 1, tzinfo=UTC))
        new = card(team, at=datetime(2026, 2, 1, tzinfo=UTC))
        for name in ("days_uc", "days_without_contact"):
            assert ids(team.mona.get(LIST, {"sortBy": name})) == [new.pk, old.pk]

    def test_ignores_case_and_accents_in_names(self, team):
        names = ["árbol", "Arco", "zorro", "Ñu"]
        made = {name: card(team, company_name=name).pk for name in names}
        expected = [made[name] for name in ("árbol", "Arco", "Ñu", "zorro")]
        assert ids(team.mona.get(LIST, {"sortBy": "company_name"})) == expected


class TestStatements:
    def test_are_at_most_four_whatever_the_page(self, team, django_assert_max_num_queries):
        with tenant_scope(team.tenant.pk):
            campaign = AcquisitionCampaign.objects.create(name="Q1")
            status = LeadStatus.objects.first()
            services = list(Service.objects.all())
        for number in range(30):
            made = card(
                team,
                owner=team.alice,
                campaign_id=campaign.pk,
                lead_status_id=status.pk,
                team_roles={"kae": team.bob},
                company_name=f"Company {number}",
            )
            with tenant_scope(team.tenant.pk):
                ProspectService.objects.bulk_create(
                    ProspectService(prospect=made, service=service) for service in services
                )
        for person in (team.mona, team.alice):
            for params in ({}, {"length": 100}, {"search": "company", "kae": team.bob.id}):
                with django_assert_max_num_queries(4):
                    assert len(ids(person.get(LIST, params))) >= 25


def test_an_unknown_category_leaves_nothing(team, rivals):
    card(team)
    foreign = category(rivals, "new_lead")
    assert found(team.mona, category=foreign.pk) == found(team.mona, category=10**15) == set()
