from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from clients.models import AccountPayment, Company, MonthlyTier, Shipment
from clients.operations.services import DuplicateOperation, OtherCurrency, save_operation
from core.tenancy import tenant_scope
from prospects.models import Locale, Prospect
from tests.clients.operations.accounts import (
    AT,
    account,
    balance,
    company,
    month,
    recharge,
    shipment,
    wrong,
)
from tests.people import Team

HOUR = timedelta(hours=1)
COPY = "COPY clients_shipment (tenant_id, external_id, company_id, charge, currency, carrier, "


def saved(operation):
    with tenant_scope(operation.tenant_id):
        save_operation(operation=operation)
    return operation


class TestAnAccount:
    def test_is_recharges_minus_shipments_however_they_are_written(self, team):
        acme, other = company(team), company(team)
        first = saved(recharge(acme, "100.10"))
        with tenant_scope(team.tenant.pk):
            rows = [shipment(acme, "30.05"), shipment(acme, "0.01", shipped_at=AT - HOUR)]
            made = Shipment.objects.bulk_create([*rows, shipment(other, "5")])
            assert account(acme) == (Decimal("70.04"), AT, AT - HOUR, None)
            Shipment.objects.filter(pk=made[0].pk).update(charge=1)
            assert balance(acme) == Decimal("99.09")
        with connection.cursor() as cursor, cursor.copy(f"{COPY} shipped_at) FROM STDIN") as copy:
            copy.write_row((team.tenant.pk, "x", acme.pk, "9.09", "MXN", "", AT))
        assert balance(acme) == 90
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM clients_accountpayment WHERE id = %s", [first.pk])
        assert account(acme)[:2] == (Decimal("-10.10"), None)
        assert balance(other) == -5
        assert wrong(team) == []

    def test_follows_a_row_to_another_company(self, team):
        acme, other = company(team), company(team)
        moved = saved(recharge(acme, "50"))
        moved.company = other
        saved(moved)
        assert account(acme) == (0, None, None, None)
        assert account(other) == (50, AT, None, None)
        assert wrong(team) == []

    def test_keeps_the_first_of_what_is_left(self, team):
        acme = company(team)
        early = saved(shipment(acme, shipped_at=AT - HOUR))
        late = saved(shipment(acme, shipped_at=AT))
        with tenant_scope(team.tenant.pk):
            early.delete()
        assert account(acme)[2] == AT
        late.shipped_at = AT + HOUR
        saved(late)
        assert account(acme)[2] == AT + HOUR

    def test_is_touched_only_by_what_changes_it(self, team):
        acme = company(team)
        made = saved(shipment(acme, "5"))
        with tenant_scope(team.tenant.pk):
            before = Company.objects.get(pk=acme.pk).updated_at
            Shipment.objects.filter(pk=made.pk).update(carrier="DHL")
            assert Company.objects.get(pk=acme.pk).updated_at == before
            Shipment.objects.filter(pk=made.pk).update(charge=6)
            assert Company.objects.get(pk=acme.pk).updated_at > before

    def test_is_exact_and_large(self, team):
        acme = company(team)
        for _ in range(3):
            saved(recharge(acme, "9999999999.99"))
        assert balance(acme) == Decimal("29999999999.97")

    def test_leaves_no_copies_in_the_history_of_the_company(self, team):
        acme = company(team)
        saved(recharge(acme))
        with tenant_scope(team.tenant.pk):
            assert not acme.tenant_events.exists()

    def test_keeps_what_a_changed_or_deleted_recharge_was(self, team):
        made = saved(recharge(company(team), "50"))
        made.amount = Decimal(60)
        saved(made)
        with tenant_scope(team.tenant.pk):
            made.delete()
            events = AccountPayment.tenant_events.rel.related_model.objects
            amounts = events.order_by("pgh_id").values_list("pgh_label", "amount")
            assert list(amounts) == [("update", 50), ("delete", 60)]


class TestTheCurrency:
    def test_is_that_of_the_first_operation(self, team):
        acme = company(team)
        saved(recharge(acme, currency="USD"))
        with pytest.raises(OtherCurrency, match="kept in USD"):
            saved(shipment(acme, currency="MXN"))
        assert balance(acme) == 100

    def test_begins_in_that_of_the_cards_country(self, team):
        acme = company(team, locale_id=Locale.objects.get(country_code="MX").pk)
        with pytest.raises(OtherCurrency, match="kept in MXN"):
            saved(recharge(acme, currency="USD"))
        saved(recharge(acme))

    def test_is_free_again_when_nothing_is_left(self, team):
        acme = company(team)
        made = saved(recharge(acme, currency="USD"))
        with tenant_scope(team.tenant.pk):
            made.delete()
        saved(recharge(acme, currency="MXN"))
        assert wrong(team) == []

    @pytest.mark.parametrize("currencies", [("MXN", "USD"), ("EUR", "EUR")])
    def test_is_one_also_for_raw_sql(self, team, currencies):
        acme = company(team)
        saved(recharge(acme))
        with tenant_scope(team.tenant.pk), pytest.raises(IntegrityError), transaction.atomic():
            Shipment.objects.bulk_create(shipment(acme, currency=each) for each in currencies)
        with tenant_scope(team.tenant.pk), pytest.raises(IntegrityError), transaction.atomic():
            AccountPayment.objects.update(currency="USD")
        assert balance(acme) == 100


class TestAnOperation:
    def test_makes_a_client_of_a_prospect_and_leaves_partners(self, team):
        for type_, after in ((1, 2), (2, 2), (3, 3)):
            for operation in (recharge, shipment):
                acme = company(team, type=type_)
                saved(operation(acme))
                with tenant_scope(team.tenant.pk):
                    assert Prospect.objects.get(pk=acme.prospect_id).type == after

    def test_with_an_external_id_that_is_taken_is_refused(self, team, rivals):
        saved(recharge(company(team), external_id="R-1"))
        saved(recharge(company(rivals), external_id="R-1"))
        saved(shipment(company(team), external_id="R-1"))
        acme = company(team)
        with pytest.raises(DuplicateOperation):
            saved(recharge(acme, external_id="R-1"))
        assert balance(acme) == 0
        saved(recharge(acme))
        saved(recharge(acme))

    @pytest.mark.parametrize(
        "values", [{"amount": "0"}, {"amount": "-1"}, {"currency": "mxn"}, {"currency": ""}]
    )
    def test_out_of_range_is_refused_by_the_database(self, team, values):
        made = recharge(company(team), **values)
        with tenant_scope(team.tenant.pk), pytest.raises(IntegrityError), transaction.atomic():
            AccountPayment.objects.bulk_create([made])

    def test_of_another_tenants_company_cannot_be_stored(self, team, rivals):
        foreign = company(rivals)
        made = recharge(foreign)
        made.tenant_id = team.tenant.pk
        with tenant_scope(team.tenant.pk), pytest.raises(IntegrityError), transaction.atomic():
            AccountPayment.objects.bulk_create([made])
        assert balance(foreign) == 0


class TestTheTier:
    def test_is_that_of_the_latest_month(self, team):
        acme = company(team)
        with tenant_scope(team.tenant.pk):
            march = MonthlyTier.objects.bulk_create([month(acme, 3, 4), month(acme, 2, 1)])[0]
            assert account(acme)[3] == 4
            MonthlyTier.objects.bulk_create([month(acme, 1, 5)])
            assert account(acme)[3] == 4
            MonthlyTier.objects.filter(pk=march.pk).update(tier=0)
            assert account(acme)[3] == 0
            march.delete()
            assert account(acme)[3] == 1
            MonthlyTier.objects.all().delete()
        assert account(acme)[3] is None

    def test_is_one_a_month(self, team):
        acme = company(team)
        rows = [month(acme, 3, 4), month(acme, 3, 5)]
        with tenant_scope(team.tenant.pk), pytest.raises(IntegrityError), transaction.atomic():
            MonthlyTier.objects.bulk_create(rows)


class TestTheBoard:
    def test_shows_balance_tier_and_who_recharged(self, team: Team):
        acme = company(team, company_name="Acme")
        company(team, company_name="Idle")
        saved(recharge(acme, "150.50"))
        saved(shipment(acme, "50.25"))
        with tenant_scope(team.tenant.pk):
            month(acme, 3, 3).save()
        for has, names in (("1", ["Acme"]), ("0", ["Idle"])):
            rows = team.ada.get("/prospects/list", {"hasRecharge": has}).json()["data"]
            assert [row["company_name"] for row in rows] == names
        row = team.ada.get("/prospects/list", {"hasRecharge": 1}).json()["data"][0]
        assert (row["balance"], row["tier"], row["type"]) == (100.25, "gold", 2)


class TestCheckIntegrity:
    def test_names_and_repairs_what_is_wrong(self, team, capsys):
        acme = company(team)
        saved(recharge(acme))
        saved(shipment(acme))
        with tenant_scope(team.tenant.pk):
            month(acme, 3, 3).save()
            right = account(acme)
            Company.objects.update(balance=1, tier=5, first_recharge_at=None)
            Company.objects.update(first_shipment_at=AT - HOUR, balance_currency="USD")
            Prospect.objects.update(type=1)
        with pytest.raises(CommandError):
            call_command("check_integrity")
        said = capsys.readouterr().err
        for name in ("balance", "balance_currency", "tier", "first_recharge_at"):
            assert f"company {acme.pk}: {name} is kept as" in said
        assert f"prospect {acme.prospect_id} has operations" in said
        call_command("check_integrity", "--repair")
        call_command("check_integrity")
        assert account(acme) == right
        assert wrong(team) == []
