"""Who fulfils which conditions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.tenants.models import Tenant
from core.tenancy import tenant_scope
from prospects.models import Contact
from tests.prospects.cards_of import card
from tests.sales.contacts.contacts_of import CONTACTS, company
from tests.sales.segments.segments_of import found, people, where


def when(team, pk, **columns):
    with tenant_scope(team.tenant.pk):
        Contact.objects.filter(pk=pk).update(**columns)


@pytest.fixture
def towns(team):
    return people(
        team.alice,
        Ana={"city": "León", "source": "web", "emails": ["ana@acme.mx"], "phones": ["5512345678"]},
        Luis={"city": "leon", "source": "feria 100%", "emails": ["luis@other.mx"]},
        Eva={"city": "Guadalajara", "last_name": "O'Neil"},
        Sin={},
    )


class TestText:
    @pytest.mark.parametrize(
        ("condition", "expected"),
        [
            (where("city", "=", "LEÓN"), ["Luis", "Ana"]),
            (where("city", "=", "Leon\u0301"), ["Luis", "Ana"]),
            (where("city", "!=", "león"), ["Sin", "Eva"]),
            (where("city", "in", ["Leon", "guadalajara"]), ["Eva", "Luis", "Ana"]),
            (where("city", "not_in", ["Leon", "guadalajara"]), ["Sin"]),
            (where("city", "contains", "ADALA"), ["Eva"]),
            (where("city", "not_contains", "e"), ["Sin", "Eva"]),
            (where("city", "starts_with", "lé"), ["Luis", "Ana"]),
            (where("city", "is_empty"), ["Sin"]),
            (where("city", "is_not_empty"), ["Eva", "Luis", "Ana"]),
            (where("source", "contains", "%"), ["Luis"]),
            (where("source", "contains", "\uff05"), ["Luis"]),
            (where("source", "contains", "_"), []),
            (where("source", "contains", "\\"), []),
            (where("email", "contains", "@acme."), ["Ana"]),
            (where("primary_email", "is_empty"), ["Sin", "Eva"]),
            (where("last_name", "=", "o'neil"), ["Eva"]),
            (where("full_name", "=", "EVA O'NEIL"), ["Eva"]),
            (where("full_name", "starts_with", "eva o"), ["Eva"]),
            (where("city", "=", "'; DROP TABLE prospects_contact; --"), []),
            (where("city", "=", "%s %(x)s {0}"), []),
        ],
    )
    def test_is_compared_without_case_and_accents(self, team, towns, condition, expected):
        assert found(team.alice, condition) == expected

    @pytest.mark.parametrize(
        ("condition", "expected"),
        [
            (where("phone", "=", "+52 55 1234 5678"), ["Ana"]),
            (where("phone", "=", "55-1234-5678"), ["Ana"]),
            (where("phone", "!=", "5512345678"), ["Sin", "Eva", "Luis"]),
            (where("phone", "starts_with", "+52"), ["Ana"]),
            (where("phone", "starts_with", "55"), ["Ana"]),
            (where("phone", "contains", "3456"), ["Ana"]),
            (where("phone", "not_contains", "3456"), ["Sin", "Eva", "Luis"]),
            (where("primary_phone", "is_empty"), ["Sin", "Eva", "Luis"]),
            (where("phone", "is_not_empty"), ["Ana"]),
        ],
    )
    def test_of_phones_is_their_digits(self, team, towns, condition, expected):
        assert found(team.alice, condition) == expected


class TestCompanies:
    @pytest.mark.parametrize(
        ("condition", "expected"),
        [
            (where("company_name", "=", "soluciones méxico"), ["Ana"]),
            (where("company_name", "contains", "nes mex"), ["Ana"]),
            (where("company_name", "contains", "s"), ["Ana"]),
            (where("company_name", "starts_with", "soluciones"), ["Ana"]),
            (where("company_name", "!=", "Otra"), ["Sola", "Ana"]),
            (where("company_name", "is_empty"), ["Sola"]),
            (where("company_name", "is_not_empty"), ["Ana"]),
            (where("company_id", "is_empty"), ["Sola"]),
            (where("company_id", "is_not_empty"), ["Ana"]),
        ],
    )
    def test_are_those_of_the_card(self, team, condition, expected):
        office = company(team, owner=team.alice, name="Soluciones Mexico")
        people(team.alice, Ana={"company_id": office.pk}, Sola={})
        assert found(team.alice, condition) == expected
        assert found(team.alice, {"any": [condition, where("city", "=", "x")]}) == expected

    def test_are_named_by_id(self, team):
        office = company(team, owner=team.alice)
        people(team.alice, Ana={"company_id": office.pk}, Sola={})
        assert found(team.alice, where("company_id", "=", office.pk)) == ["Ana"]
        assert found(team.alice, where("company_id", "!=", office.pk)) == ["Sola"]
        assert found(team.alice, where("company_id", "in", [office.pk, 1])) == ["Ana"]


class TestOwners:
    def test_are_their_own_or_their_cards(self, team):
        card(team, owner=team.bob, name="Carta De")
        card(team, name="Nadie De")
        people(team.alice, Ana={})
        alice, bob = team.alice.id, team.bob.id
        for wrap in (lambda each: each, lambda each: {"any": [each]}):
            for condition, expected in (
                (where("owner_id", "=", alice), ["Ana"]),
                (where("owner_id", "=", bob), ["Carta"]),
                (where("owner_id", "in", [alice, bob]), ["Ana", "Carta"]),
                (where("owner_id", "!=", bob), ["Ana", "Nadie"]),
                (where("owner_id", "not_in", [alice, bob]), ["Nadie"]),
                (where("owner_id", "is_empty"), ["Nadie"]),
                (where("owner_id", "is_not_empty"), ["Ana", "Carta"]),
            ):
                assert found(team.mona, wrap(condition)) == expected, condition


class TestNumbersAndStages:
    @pytest.mark.parametrize(
        ("condition", "expected"),
        [
            (where("lead_score", "=", 80), ["Ana"]),
            (where("lead_score", ">", 20.0), ["Ana"]),
            (where("lead_score", ">=", 20), ["Luis", "Ana"]),
            (where("lead_score", "<", 80), ["Luis"]),
            (where("lead_score", "<=", 80), ["Luis", "Ana"]),
            (where("lead_score", "in", [20, 21]), ["Luis"]),
            (where("lead_score", "not_in", [20, 21]), ["Ana"]),
            (where("lifecycle_stage", "=", "customer"), ["Luis"]),
            (where("lifecycle_stage", "!=", "customer"), ["Ana"]),
            (where("lifecycle_stage", "in", ["customer", "lead"]), ["Luis", "Ana"]),
            (where("lifecycle_stage", "not_in", ["customer", "lead"]), []),
        ],
    )
    def test_are_compared_as_they_are(self, team, condition, expected):
        known = people(team.alice, Ana={}, Luis={"lifecycle_stage": "customer"})
        when(team, known["Ana"], lead_score=80)
        when(team, known["Luis"], lead_score=20)
        assert found(team.alice, condition) == expected


class TestMoments:
    @pytest.fixture
    def days(self, team):
        """Three people of the 14th, 15th and 16th of March in Mexico (UTC-6)."""
        Tenant.objects.filter(pk=team.tenant.pk).update(time_zone="America/Mexico_City")
        known = people(team.alice, Uno={}, Dos={}, Tres={})
        when(team, known["Uno"], created_at=datetime(2026, 3, 15, 5, 59, tzinfo=UTC))
        when(team, known["Dos"], created_at=datetime(2026, 3, 15, 6, 0, tzinfo=UTC))
        when(team, known["Tres"], created_at=datetime(2026, 3, 16, 6, 0, tzinfo=UTC))
        return known

    @pytest.mark.parametrize(
        ("operator", "value", "expected"),
        [
            ("=", "2026-03-15", ["Dos"]),
            ("!=", "2026-03-15", ["Tres", "Uno"]),
            ("before", "15/03/2026", ["Uno"]),
            ("<", "2026-03-15", ["Uno"]),
            ("<=", "2026-03-15", ["Dos", "Uno"]),
            (">=", "2026-03-15", ["Tres", "Dos"]),
            (">", "2026-03-15", ["Tres"]),
            ("after", "2026-03-15", ["Tres"]),
            ("after", "2026-03-15T00:00:00", ["Tres"]),
            (">=", "2026-03-15T00:00:00", ["Tres", "Dos"]),
            ("before", "2026-03-15T06:00:00Z", ["Uno"]),
            ("<=", "2026-03-15T06:00:00Z", ["Dos", "Uno"]),
            ("=", "2026-03-15T06:00:00Z", ["Dos"]),
        ],
    )
    def test_are_days_of_the_tenant(self, team, days, operator, value, expected):
        assert found(team.alice, where("created_at", operator, value)) == expected

    def test_within_days_counts_back_from_now(self, team):
        known = people(team.alice, Nueva={}, Vieja={})
        when(team, known["Vieja"], created_at=timezone.now() - timedelta(days=30, minutes=1))
        when(team, known["Nueva"], created_at=timezone.now() - timedelta(days=29, hours=23))
        assert found(team.alice, where("created_at", "within_days", 30)) == ["Nueva"]
        assert found(team.alice, where("created_at", "within_days", 31)) == ["Vieja", "Nueva"]

    def test_last_activity_follows_notes(self, team):
        known = people(team.alice, Ana={}, Luis={})
        assert found(team.alice, where("last_activity_at", "is_empty")) == ["Luis", "Ana"]
        team.alice.post(f"{CONTACTS}/{known['Ana']}/notes", {"body": "Llamada"})
        assert found(team.alice, where("last_activity_at", "within_days", 1)) == ["Ana"]
        assert found(team.alice, where("last_activity_at", "is_not_empty")) == ["Ana"]
        assert found(team.alice, where("last_activity_at", "!=", "2020-01-01")) == ["Luis", "Ana"]


class TestCustomFields:
    @pytest.fixture
    def plans(self, team):
        return people(
            team.alice,
            Ana={"custom_fields": {"plan": "Oro", "n": 5, "vip": True, "5": "x"}},
            Luis={"custom_fields": {"plan": "plata", "n": 12.5, "vip": False}},
            Eva={"custom_fields": {"plan": None, "n": "7", "vence": "2026-03-15"}},
            Sin={},
        )

    @pytest.mark.parametrize(
        ("key", "operator", "value", "expected"),
        [
            ("plan", "=", "ORO", ["Ana"]),
            ("plan", "!=", "oro", ["Sin", "Eva", "Luis"]),
            ("plan", "in", ["oro", "Plata", 5, True], ["Luis", "Ana"]),
            ("plan", "not_in", ["oro", "plata"], ["Sin", "Eva"]),
            ("plan", "contains", "la", ["Luis"]),
            ("plan", "not_contains", "la", ["Sin", "Eva", "Ana"]),
            ("plan", "starts_with", "o", ["Ana"]),
            ("plan", "is_empty", None, ["Sin", "Eva"]),
            ("plan", "is_not_empty", None, ["Luis", "Ana"]),
            ("n", "=", 5, ["Ana"]),
            ("n", "=", 5.0, ["Ana"]),
            ("n", "=", "5", ["Ana"]),
            ("n", "!=", 5, ["Sin", "Eva", "Luis"]),
            ("n", ">", 5, ["Luis"]),
            ("n", ">=", 5, ["Luis", "Ana"]),
            ("n", "<", 12.5, ["Ana"]),
            ("n", "<=", 12.5, ["Luis", "Ana"]),
            ("n", "in", [12.5, 5], ["Luis", "Ana"]),
            ("vip", "=", True, ["Ana"]),
            ("vip", "!=", True, ["Sin", "Eva", "Luis"]),
            ("5", "=", "x", ["Ana"]),
            ("no' OR 1=1 --", "=", "x", []),
            ("vence", "before", "2026-03-16", ["Eva"]),
            ("vence", "after", "2026-03-15", []),
            ("vence", "within_days", 3650, ["Eva"]),
            ("plan", "before", "2026-03-16", []),
        ],
    )
    def test_are_compared_by_the_type_of_the_value(
        self, team, plans, key, operator, value, expected
    ):
        condition = where(f"custom_fields.{key}", operator, value)
        assert found(team.alice, condition) == expected
        assert found(team.alice, {"any": [condition, where("city", "=", "-")]}) == expected


class TestGroups:
    def test_are_or_and_and(self, team, towns):
        guadalajara, web = where("city", "=", "Guadalajara"), where("source", "=", "web")
        leon = where("city", "=", "León")
        assert found(team.alice, {"any": [guadalajara, web]}) == ["Eva", "Ana"]
        assert found(team.alice, leon, {"any": [guadalajara, web]}) == ["Ana"]
        assert found(team.alice, {"any": [guadalajara, {"all": [leon, web]}]}) == ["Eva", "Ana"]
        assert found(team.alice) == ["Sin", "Eva", "Luis", "Ana"]
