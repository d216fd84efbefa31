from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from clients.models import AccountPayment, Company, MonthlyTier, Shipment
from clients.operations import importing
from core.tenancy import tenant_scope
from prospects.models import Locale, Prospect
from tests.clients.operations.accounts import account, balance, company, wrong

RECHARGES = "external_id,company_id,amount,currency,method,paid_at\n"
SHIPMENTS = "external_id,company_id,charge,currency,carrier,shipped_at\n"
TIERS = "company_id,month,tier\n"


@pytest.fixture
def acme(team):
    return company(team, company_name="Acme Corp")


@pytest.fixture
def run(team, tmp_path):
    """Run the command on a file with this content; answers what it prints."""

    def run(kind, content, *, tenant=team.tenant.slug):
        path = tmp_path / f"{kind}.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        out = io.StringIO()
        call_command("import_operations", str(path), kind=kind, tenant=tenant, stdout=out)
        return {
            words[0]: int(words[1].replace(",", ""))
            for line in out.getvalue().replace("│", "").splitlines()
            if len(words := line.split()) == 2 and words[0].islower()
        }

    return run


@pytest.fixture
def refused(run, tmp_path):
    """Run the command on a file of which rows are refused; answers the reasons by line."""

    def refused(kind, content):
        with pytest.raises(CommandError, match="were refused") as raised:
            run(kind, content)
        assert raised.value.returncode == 2
        path = tmp_path / f"{kind}.rejected.csv"
        with path.open(encoding="utf-8-sig", newline="") as file:
            return {int(row["line"]): row["reason"] for row in csv.DictReader(file)}

    return refused


def counts(created=0, updated=0, unchanged=0):
    return {"created": created, "updated": updated, "unchanged": unchanged, "refused": 0}


class TestAFile:
    def test_of_recharges_is_stored_as_it_says(self, run, team, acme):
        row = f"R-1,{acme.pk},1500.5,mxn,SPEI,2026-03-15 10:00\n"
        assert run("recharges", RECHARGES + row) == counts(created=1)
        with tenant_scope(team.tenant.pk):
            made = AccountPayment.objects.get()
            assert Prospect.objects.get(pk=acme.prospect_id).type == 2
        assert (made.external_id, made.amount, made.currency) == ("R-1", Decimal("1500.50"), "MXN")
        assert (made.method, made.company_id) == ("SPEI", acme.pk)
        assert made.paid_at == datetime(2026, 3, 15, 16, tzinfo=UTC)  # Mexico City
        assert account(acme) == (Decimal("1500.50"), made.paid_at, None, None)

    def test_of_tiers_is_stored_as_it_says(self, run, team, acme):
        rows = f"{acme.pk},2026-02,5\n{acme.pk},2026-03,2\n"
        assert run("tiers", TIERS + rows) == counts(created=2)
        assert run("tiers", TIERS + rows) == counts(unchanged=2)
        assert run("tiers", f"{TIERS}{acme.pk},2026-03,4\n") == counts(updated=1)
        with tenant_scope(team.tenant.pk):
            months = MonthlyTier.objects.order_by("month").values_list("month", "tier")
            assert list(months) == [(date(2026, 2, 1), 5), (date(2026, 3, 1), 4)]
            assert Prospect.objects.get(pk=acme.prospect_id).type == 1
        assert account(acme)[3] == 4

    def test_twice_counts_once(self, run, team, acme):
        rows = [f"S-{n},{acme.pk},10.10,MXN,DHL,2026-03-{n + 1:02}" for n in range(9)]
        content = SHIPMENTS + "\n".join([*rows, rows[0], rows[3]])
        assert run("shipments", content) == counts(created=9, unchanged=2)
        assert run("shipments", content) == counts(unchanged=11)
        assert balance(acme) == Decimal("-90.90")

    def test_in_which_a_row_changed_updates_it_and_the_balance(self, run, team, acme):
        other = company(team)
        row = "S-1,{},{},MXN,DHL,2026-03-01\n"
        run("shipments", SHIPMENTS + row.format(acme.pk, 10))
        changed = row.format(acme.pk, 10) + row.format(other.pk, "12.50")
        assert run("shipments", SHIPMENTS + changed)["updated"] == 1
        assert (balance(acme), balance(other)) == (0, Decimal("-12.50"))
        assert wrong(team) == []

    def test_is_written_chunk_by_chunk(self, run, team, acme, monkeypatch):
        monkeypatch.setattr(importing, "CHUNK", 4)
        rows = [f"S-{n % 10},{acme.pk},{n},MXN,,2026-03-01" for n in range(15)]
        run("shipments", SHIPMENTS + "\n".join(rows))
        assert balance(acme) == -sum((*range(5, 10), *range(10, 15)))

    def test_may_name_the_company_by_its_tax_id(self, run, refused, team, acme):
        with tenant_scope(team.tenant.pk):
            Company.objects.filter(pk=acme.pk).update(tax_id="ACM010101AB1")
        header = "external_id,company_tax_id,charge,currency,shipped_at\n"
        assert run("shipments", header + "S-1,acm010101ab1 ,10,MXN,2026-03-01\n")["created"] == 1
        assert balance(acme) == -10
        other = company(team)
        with tenant_scope(team.tenant.pk):
            Company.objects.filter(pk=other.pk).update(tax_id="ACM010101AB1")
        reasons = refused("shipments", header + "S-2,ACM010101AB1,10,MXN,2026-03-01\n")
        assert "several companies have it" in reasons[2]

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "latin-1", "utf-16"])
    def test_may_be_of_any_usual_encoding_and_delimiter(self, run, team, acme, encoding):
        row = f"R-1;{acme.pk};1.234,50;MXN;Depósito en tránsito;15/03/2026\n"
        run("recharges", (RECHARGES.replace(",", ";") + row).encode(encoding))
        with tenant_scope(team.tenant.pk):
            assert AccountPayment.objects.get().method == "Depósito en tránsito"
        assert balance(acme) == Decimal("1234.50")


BAD = [
    ("shipments", "{id},S-1,-5,MXN,2026-03-01", "charge: cannot be below zero"),
    ("shipments", "{id},S-1,ten,MXN,2026-03-01", "charge: must be an amount"),
    ("shipments", "{id},S-1,,MXN,2026-03-01", "charge: is missing"),
    ("shipments", "{id},S-1,10000000000,MXN,2026-03-01", "charge: must be below 10,000,000,000"),
    ("shipments", "{id},S-1,5,XXX,2026-03-01", "currency: must be a currency of ISO 4217"),
    ("shipments", "{id},S-1,5,,2026-03-01", "currency: is missing"),
    ("shipments", "{id},S-1,5,MXN,2026-02-30", "shipped_at: is a day that does not exist"),
    ("shipments", "{id},S-1,5,MXN,yesterday", "shipped_at: must be a date"),
    ("shipments", "{id},S-1,5,MXN,2026-03-01 25:00:00", "shipped_at: has a time"),
    ("shipments", "{id},,5,MXN,2026-03-01", "external_id: is missing"),
    ("shipments", "{id}," + "x" * 101 + ",5,MXN,2026-03-01", "external_id: cannot be longer"),
    ("shipments", "{id},a\0b,5,MXN,2026-03-01", "contains a NUL character"),
    ("shipments", ",S-1,5,MXN,2026-03-01", "company_id: is missing"),
    ("shipments", "acme,S-1,5,MXN,2026-03-01", "company_id: must be a whole number"),
    ("shipments", "99999999,S-1,5,MXN,2026-03-01", "company_id: there is no such company"),
    ("shipments", "{foreign},S-1,5,MXN,2026-03-01", "company_id: there is no such company"),
    ("shipments", "{deleted},S-1,5,MXN,2026-03-01", "company_id: there is no such company"),
    ("shipments", "{id},S-1,5,USD,2026-03-01", "currency: this company's account is kept in MXN"),
    ("recharges", "{id},R-1,0,MXN,2026-03-01", "amount: must be above zero"),
    ("recharges", "{id},R-1,0.004,MXN,2026-03-01", "amount: must be above zero"),
    ("tiers", "{id},2026-13,1", "month: must be a month such as 2026-03"),
    ("tiers", "{id},03/2026,1", "month: must be a month such as 2026-03"),
    ("tiers", "{id},2026-03,9", "tier: must be a tier from 0 to 5"),
    ("tiers", "{id},2026-03,gold", "tier: must be a tier from 0 to 5"),
]
HEADERS = {
    "shipments": "company_id,external_id,charge,currency,shipped_at\n",
    "recharges": "company_id,external_id,amount,currency,paid_at\n",
    "tiers": TIERS,
}


class TestABadRow:
    @pytest.mark.parametrize(("kind", "row", "reason"), BAD)
    def test_is_refused_with_its_reason(self, refused, team, rivals, kind, row, reason):
        acme = company(team, locale_id=Locale.objects.get(country_code="MX").pk)
        foreign, deleted = company(rivals), company(team)
        with tenant_scope(team.tenant.pk):
            Company.objects.filter(pk=deleted.pk).update(deleted_at="2026-01-01T00:00Z")
        row = row.format(id=acme.pk, foreign=foreign.pk, deleted=deleted.pk)
        assert reason in refused(kind, f"{HEADERS[kind]}{row}\n")[2]
        assert (balance(acme), balance(foreign)) == (0, 0)
        with tenant_scope(team.tenant.pk):
            assert Prospect.objects.get(pk=acme.prospect_id).type == 1
            for model in (Shipment, AccountPayment, MonthlyTier):
                assert not model.objects.exists()

    def test_does_not_keep_the_others_out(self, refused, acme):
        rows = [f"S-{n},{acme.pk},{'x' if n % 2 else 1},MXN,,2026-03-01" for n in range(6)]
        assert list(refused("shipments", SHIPMENTS + "\n".join(rows))) == [3, 5, 7]
        assert balance(acme) == -3

    def test_of_a_free_account_in_a_second_currency_is_refused(self, refused, acme):
        rows = [f"S-{n},{acme.pk},1,{c},,2026-03-01" for n, c in enumerate(["USD", "MXN", "USD"])]
        assert list(refused("shipments", SHIPMENTS + "\n".join(rows))) == [3]
        assert balance(acme) == -2

    def test_stands_in_a_file_without_formulas_and_corrected_comes_in(
        self, refused, run, acme, tmp_path
    ):
        refused("shipments", f'{SHIPMENTS}=HYPERLINK("x"),{acme.pk},-1,MXN,@a,2026-03-01\n')
        path = tmp_path / "shipments.rejected.csv"
        content = path.read_text(encoding="utf-8-sig")
        assert """'=HYPERLINK(""x"")""" in content
        assert "'-1" in content
        assert "'@a" in content
        assert run("shipments", content.replace("'-1", "1"))["created"] == 1
        assert not path.exists()


class TestAFileThatCannotBeRead:
    @pytest.mark.parametrize(
        ("kind", "content", "message"),
        [
            ("shipments", "", "shipments.csv is empty"),
            ("shipments", b"\x89PNG\r\n", "is a PNG picture"),
            ("shipments", "a,b\n1,2\n", "lacks columns of shipments: company_id (or company_tax"),
            ("shipments", RECHARGES, "lacks columns of shipments: charge, shipped_at"),
            ("tiers", "company_id,month\n", "lacks columns of tiers: tier"),
        ],
    )
    def test_ends_with_one_line(self, run, kind, content, message):
        with pytest.raises(CommandError) as raised:
            run(kind, content)
        assert message in str(raised.value)
        assert raised.value.returncode == 1

    def test_is_said_of_a_missing_one_and_of_a_tenant(self, team, run, tmp_path):
        with pytest.raises(CommandError, match="cannot be opened"):
            call_command(
                "import_operations", tmp_path / "no.csv", kind="tiers", tenant=team.tenant.slug
            )
        with pytest.raises(CommandError, match="There is no tenant nobody"):
            run("tiers", TIERS, tenant="nobody")
