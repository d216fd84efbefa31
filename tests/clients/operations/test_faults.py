"""Accounts under fire: many writers at once, a real command killed in the middle."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models import Sum

from clients.models import AccountPayment, Shipment
from clients.operations.services import DuplicateOperation, save_operation
from core.tenancy import tenant_scope
from tests.clients.operations.accounts import balance, company, recharge, shipment, wrong
from tests.databases import address_of

ROWS, COMPANIES, PATIENCE = 200_000, 20, 120


def at_once(number, work):
    """Run `work(0)` … `work(number - 1)` on connections of their own; answers what they return."""
    start = Barrier(number)

    def run(turn):
        try:
            start.wait()
            return work(turn)
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_are_both_counted(self, team):
        acme = company(team)

        def work(turn):
            with tenant_scope(team.tenant.pk):
                save_operation(operation=recharge(acme, f"{turn + 1}.50"))

        at_once(2, work)
        assert balance(acme) == 4
        assert wrong(team) == []

    def test_with_one_external_id_count_once(self, team):
        acme = company(team)

        def work(turn):
            with tenant_scope(team.tenant.pk):
                try:
                    save_operation(operation=recharge(acme, "7", external_id="R-1"))
                except DuplicateOperation:
                    return "refused"
                return "saved"

        assert sorted(at_once(2, work)) == ["refused", "saved"]
        assert balance(acme) == 7

    def test_files_of_the_same_rows_count_once(self, team, tmp_path):
        companies = [company(team) for _ in range(5)]
        path = write(tmp_path / "same.csv", 3000, companies)

        def work(turn):
            call_command(
                *("import_operations", path),
                kind="shipments",
                tenant=team.tenant.slug,
                stdout=nobody,
            )

        with open(os.devnull, "w") as nobody:
            at_once(2, work)
        assert sum(map(balance, companies)) == -3000
        assert wrong(team) == []


@pytest.mark.django_db(transaction=True)
class TestEightAtOnce:
    """Single rows, many rows, edits, moves, deletes from eight connections."""

    def test_keep_the_accounts_right(self, team):
        companies = [company(team) for _ in range(4)]

        def work(turn):
            with tenant_scope(team.tenant.pk):
                for n in range(8):
                    JOBS[(turn + n) % len(JOBS)](companies, turn * 8 + n)

        at_once(8, work)
        assert wrong(team) == []
        with tenant_scope(team.tenant.pk):
            paid = AccountPayment.objects.aggregate(sum=Sum("amount"))["sum"]
            charged = Shipment.objects.aggregate(sum=Sum("charge"))["sum"]
        assert sum(map(balance, companies)) == (paid or 0) - (charged or 0)


def _recharge(companies, number):
    save_operation(operation=recharge(companies[number % 4], f"{number + 1}.01"))


def _ship_many(companies, number):
    rows = [shipment(companies[(number - n) % 4], f"{n}.99") for n in range(20)]
    Shipment.objects.bulk_create(rows)


def _edit(companies, number):
    made = Shipment.objects.filter(company=companies[number % 4]).order_by("pk").first()
    if made:
        Shipment.objects.filter(pk=made.pk).update(charge=Decimal(number))


def _move(companies, number):
    made = AccountPayment.objects.order_by("pk").first()
    if made:
        AccountPayment.objects.filter(pk=made.pk).update(company=companies[(number + 1) % 4])


def _delete(companies, number):
    made = Shipment.objects.filter(company=companies[number % 4]).order_by("-pk").first()
    if made:
        Shipment.objects.filter(pk=made.pk).delete()


JOBS = (_recharge, _ship_many, _edit, _move, _delete)


def write(path, rows, companies):
    """Write a file of shipments of one peso each."""
    lines = (
        f"S-{n},{companies[n % len(companies)].pk},1,MXN,DHL,2026-03-01 10:00:00"
        for n in range(rows)
    )
    header = "external_id,company_id,charge,currency,carrier,shipped_at"
    path.write_text("\n".join([header, *lines]))
    return str(path)


def command(path, team):
    """The real command on the test's database."""
    environ = {
        "DATABASE_URL": address_of(),
        "REDIS_URL": settings.REDIS_URL,
        "DJANGO_SETTINGS_MODULE": "crm_project.settings.dev",
        "CRM_SECRET_KEY": settings.SECRET_KEY,
    }
    words = ["import_operations", path, "--kind", "shipments", "--tenant", team.tenant.slug]
    return subprocess.Popen(
        [sys.executable, "manage.py", *words],
        cwd=settings.BASE_DIR,
        env=os.environ | environ,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestACommandKilledInTheMiddle:
    def test_leaves_right_balances_and_goes_on_when_run_again(self, team, tmp_path):
        companies = [company(team) for _ in range(COMPANIES)]
        path = write(tmp_path / "shipments.csv", ROWS, companies)
        running, deadline = command(path, team), time.monotonic() + PATIENCE
        while not (stored := self.stored(team)):
            assert time.monotonic() < deadline, "this took too long"
            time.sleep(0.02)
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        stored = self.stored(team)
        assert 0 < stored < ROWS
        assert wrong(team) == []
        assert sum(map(balance, companies)) == -stored
        assert command(path, team).wait(PATIENCE) == 0
        assert self.stored(team) == ROWS
        assert sum(map(balance, companies)) == -ROWS
        assert wrong(team) == []

    @staticmethod
    def stored(team):
        with tenant_scope(team.tenant.pk):
            return Shipment.objects.count()
