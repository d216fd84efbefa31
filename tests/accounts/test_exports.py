from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.bulk_jobs import exporting
from accounts.bulk_jobs.exporting import clear_files, run_export
from accounts.bulk_jobs.services import advance, begin, cancel_job
from accounts.bulk_jobs.tasks import find_given_up
from accounts.models import BulkJob, Notification, Tenant, User
from accounts.saved_views.services import save_view
from core.tables_out import CSV, MOST_XLSX_ROWS, XLSX
from core.tenancy import across_tenants, tenant_scope
from prospects.models import Prospect
from tests.prospects.cards_of import card
from tests.staff import make_operator, messages_of, signed_in

LIST = reverse("admin:prospects_prospect_changelist")
EXPORT = reverse("admin:accounts_bulkjob_export")
CARDS = "prospects.prospect"


def of(name, job):
    return reverse(f"admin:accounts_bulkjob_{name}", args=[job.pk])


def asked(query="", **changes):
    return {"list": CARDS, "query": query, "format": "csv", "key": "once", **changes}


def table(answer):
    """The rows of a CSV file that came as an answer."""
    text = b"".join(answer.streaming_content).decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:])))


def jobs():
    return list(BulkJob._base_manager.order_by("pk"))


@pytest.fixture
def alice(team):
    return signed_in(team.alice.user)


@pytest.fixture
def long_list(monkeypatch):
    """Lists of more than three rows go to the worker, two rows a chunk."""
    monkeypatch.setattr(exporting, "AT_ONCE", 3)
    monkeypatch.setattr("accounts.bulk_jobs.services.CHUNK", 2)


def run(job, team):
    with tenant_scope(team.tenant.pk):
        return run_export(job_id=job.pk, at=timezone.now())


class TestShortList:
    def test_comes_as_it_is_shown(self, alice, team):
        for name, value in (("A", 3), ("B", 1), ("C", 2)):
            card(team, owner=team.alice, company_name=name, account_value=value)
        card(team, owner=team.alice, company_name="Other")
        card(team, owner=team.bob, company_name="Bob's", account_value=9)
        query = "cols=title,value&o=-2&type__exact=1&q="
        shown = alice.get(f"{LIST}?{query}").context["cl"].result_list
        rows = table(alice.post(EXPORT, asked(query)))
        assert rows[0] == ["Empresa", "Valor"]
        assert [row[0] for row in rows[1:]] == [row.company_name for row in shown]
        assert {"Bob's"} & {row[0] for row in rows} == set()

    def test_has_numbers_texts_and_moments_as_they_are(self, alice, team):
        at = datetime(2026, 3, 1, 5, 30, tzinfo=UTC)
        Tenant.objects.filter(pk=team.tenant.pk).update(time_zone="America/Mexico_City")
        made = card(team, owner=team.alice, company_name="Ñandú", account_value=Decimal("1234.5"))
        with tenant_scope(team.tenant.pk):
            Prospect.objects.filter(pk=made.pk).update(created_at=at)
        query = "cols=title,value,created,owner,type,shown_category"
        row = table(alice.post(EXPORT, asked(query)))[1]
        assert row[:3] == ["Ñandú", "1234.50", "2026-02-28 23:30:00"]
        assert row[3:5] == ["Alice Sales", "Prospecto"]
        assert "<" not in row[5]
        answer = alice.post(EXPORT, asked(query, format="xlsx"))
        sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
        cells = [cell.value for cell in sheet[2]]
        assert cells[:3] == ["Ñandú", 1234.5, datetime(2026, 2, 28, 23, 30)]  # noqa: DTZ001
        assert sheet["B1"].value == "Valor"

    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
    def test_holds_no_formulas(self, alice, team, text):
        made = card(team, owner=team.alice)
        with tenant_scope(team.tenant.pk):
            Prospect.objects.filter(pk=made.pk).update(company_name=text)
        for kind in ("csv", "xlsx"):
            answer = alice.post(EXPORT, asked("cols=title", format=kind))
            if kind == "csv":
                assert table(answer)[1] == [f"'{text}"]
            else:
                book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
                assert book.active["A2"].value == f"'{text}"

    def test_bears_what_no_sheet_may_hold(self, alice, team):
        made = card(team, owner=team.alice)
        with tenant_scope(team.tenant.pk):
            Prospect.objects.filter(pk=made.pk).update(company_name="bell\x07<b>x</b>")
        answer = alice.post(EXPORT, asked("cols=title", format="xlsx"))
        book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
        assert book.active["A2"].value == "bell<b>x</b>"

    def test_is_recorded(self, alice, team):
        card(team, owner=team.alice)
        alice.post(EXPORT, asked("type__exact=1"))
        (job,) = jobs()
        assert (job.created_by_id, job.list_name, job.query) == (
            team.alice.id,
            CARDS,
            "type__exact=1",
        )
        assert (job.status, job.done, bool(job.file)) == ("done", 1, False)
        assert (
            "Alice"
            in signed_in(team.mona.user)
            .get(reverse("admin:accounts_bulkjob_changelist"))
            .content.decode()
        )

    @pytest.mark.parametrize(
        "changes",
        [
            {"format": "exe"},
            {"format": ""},
            {"query": "nothing__exact=1"},
            {"query": "category__id__exact=99999999"},
            {"query": "q=" + "x" * 5000},
        ],
    )
    def test_of_nonsense_is_refused(self, alice, team, changes):
        card(team, owner=team.alice)
        assert messages_of(alice.post(EXPORT, asked(**changes), follow=True))
        assert not jobs()

    def test_of_no_list_is_not_found(self, alice):
        assert alice.post(EXPORT, asked(list="nothing.here")).status_code == 404
        assert alice.get(EXPORT).status_code == 405

    def test_is_for_those_who_may(self, team):
        card(team)
        assert signed_in(team.victor.user).post(EXPORT, asked()).status_code == 403
        assert "bulkjob/export" not in signed_in(team.victor.user).get(LIST).content.decode()
        browser = signed_in(team.alice.user)
        assert browser.post(EXPORT, asked(list="accounts.user")).status_code == 403
        assert signed_in(make_operator()).post(EXPORT, asked()).status_code in (302, 403)
        assert not jobs()

    @pytest.mark.parametrize(
        "name",
        ["prospects.contact", "clients.company", "sales.deal", "sales.quote", "sales.invoice"],
    )
    def test_works_of_every_list(self, team, name):
        rows = table(signed_in(team.ada.user).post(EXPORT, asked(list=name)))
        assert len(rows[0]) > 3


class TestLongList:
    def many(self, team):
        for number in range(7):
            card(team, owner=team.alice, company_name=f"Card {number}")

    def ask(self, browser, **changes):
        return browser.post(EXPORT, asked("cols=title&o=1", **changes))

    def test_is_written_by_the_worker_for_its_user_alone(self, alice, team, long_list):
        self.many(team)
        answer = self.ask(alice)
        (job,) = jobs()
        assert answer["Location"] == of("change", job)
        assert alice.get(of("change", job)).status_code == 200
        assert alice.get(of("download", job)).status_code == 404
        job = run(job, team)
        assert (job.status, job.total, job.done) == ("done", 7, 7)
        rows = table(alice.get(of("download", job)))
        assert [row[0] for row in rows] == ["Empresa", *(f"Card {n}" for n in range(7))]
        told = Notification._base_manager.get(user=team.alice.id, type="bulk_job")
        assert str(job.pk) in told.url
        mona, bob = signed_in(team.mona.user), signed_in(team.bob.user)
        assert mona.get(of("change", job)).status_code == 200
        for browser in (mona, bob):
            assert browser.get(of("download", job)).status_code == 404
        assert bob.get(of("change", job)).status_code == 404
        assert bob.post(of("cancel", job)).status_code == 404
        assert "exports/" not in alice.get(of("change", job)).content.decode()

    def test_of_another_tenant_does_not_exist(self, alice, team, rivals, long_list):
        self.many(team)
        self.ask(alice)
        job = run(jobs()[0], team)
        browser = signed_in(rivals.ada.user)
        for name in ("change", "download", "progress"):
            assert browser.get(of(name, job)).status_code == 404
        assert browser.post(of("cancel", job)).status_code == 404

    def test_sent_twice_is_one_job(self, alice, team, long_list):
        self.many(team)
        assert {self.ask(alice)["Location"] for _ in range(2)} == {of("change", jobs()[0])}
        assert len(jobs()) == 1
        self.ask(alice, key="again")
        assert len(jobs()) == 2

    def test_leaves_out_what_is_gone_or_out_of_sight_by_then(self, alice, team, long_list):
        self.many(team)
        self.ask(alice)
        (job,) = jobs()
        with tenant_scope(team.tenant.pk):
            begin(job.pk, at=timezone.now())
            Prospect.objects.filter(company_name="Card 1").update(owner_id=team.bob.id)
            Prospect.objects.filter(company_name="Card 2").update(deleted_at=timezone.now())
        job = run(job, team)
        assert (job.total, job.done) == (7, 5)
        shown = {row[0] for row in table(alice.get(of("download", job)))}
        assert not shown & {"Card 1", "Card 2"}

    def test_ends_when_its_user_may_not_any_more(self, alice, team, long_list):
        self.many(team)
        self.ask(alice)
        (job,) = jobs()
        with tenant_scope(team.tenant.pk):
            begin(job.pk, at=timezone.now())
            User.objects.filter(pk=team.alice.id).update(role="viewer")
        job = run(job, team)
        assert (job.status, bool(job.message), bool(job.file)) == ("failed", True, False)
        with tenant_scope(team.tenant.pk):
            User.objects.filter(pk=team.alice.id).update(role="sales", is_active=False)
            BulkJob.objects.update(status="waiting", message="")
        assert run(job, team).status == "failed"

    def test_ends_where_a_filter_is_gone(self, alice, team, long_list):
        self.many(team)
        self.ask(alice)
        (job,) = jobs()
        with tenant_scope(team.tenant.pk):
            BulkJob.objects.update(query="category__id__exact=99999999")
        assert run(job, team).status == "failed"

    def test_is_stopped(self, alice, team, long_list):
        self.many(team)
        self.ask(alice)
        (job,) = jobs()
        alice.post(of("cancel", job))
        assert run(job, team).status == "cancelled"
        with tenant_scope(team.tenant.pk):
            assert cancel_job(job_id=job.pk, by=team.alice.user, at=timezone.now()).file == ""

    def test_is_taken_up_again_after_its_worker_died(self, alice, team, long_list):
        self.many(team)
        self.ask(alice)
        (job,) = jobs()
        with tenant_scope(team.tenant.pk):
            begin(job.pk, at=timezone.now())  # and then nothing
        with across_tenants():
            assert find_given_up() == []
        BulkJob._base_manager.update(created_at=timezone.now())
        late = timezone.now() - timedelta(minutes=3)
        self._age(job, late)
        with across_tenants():
            assert find_given_up() == [{"tenant_id": team.tenant.pk, "job_id": job.pk}]
        job = run(job, team)
        assert (job.status, len(table(alice.get(of("download", job))))) == ("done", 8)
        again = run(job, team)
        assert again.file == job.file

    def _age(self, job, moment):
        import pgtrigger

        with pgtrigger.ignore("accounts.BulkJob:touch_updated_at"):
            BulkJob._base_manager.filter(pk=job.pk).update(updated_at=moment)

    def test_is_cleared_after_some_days(self, alice, team, long_list):
        self.many(team)
        self.ask(alice)
        job = run(jobs()[0], team)
        storage, name = job.file.storage, job.file.name
        with across_tenants():
            assert clear_files(before=timezone.now() - timedelta(days=1)) == 0
            assert clear_files(before=timezone.now()) == 1
        assert not storage.exists(name)
        assert alice.get(of("download", job)).status_code == 404
        assert alice.get(of("change", job)).status_code == 200

    def test_is_no_longer_than_a_sheet(self, alice, team, long_list):
        self.many(team)
        self.ask(alice, format="xlsx")
        (job,) = jobs()
        with tenant_scope(team.tenant.pk):
            begin(job.pk, at=timezone.now())
            BulkJob.objects.update(total=MOST_XLSX_ROWS + 1)
        assert run(job, team).status == "failed"

    def test_says_how_far_it_is(self, alice, team, long_list):
        self.many(team)
        self.ask(alice)
        (job,) = jobs()
        first = alice.get(of("progress", job))
        assert "HX-Refresh" not in first
        run(job, team)
        assert alice.get(of("progress", job))["HX-Refresh"] == "true"

    def test_changes_nothing_when_it_is_run_as_a_change(self, alice, team, long_list):
        self.many(team)
        self.ask(alice)
        (job,) = jobs()
        with tenant_scope(team.tenant.pk):
            begin(job.pk, at=timezone.now())
            assert advance(job.pk, at=timezone.now()).changed == 0


class TestCommand:
    @pytest.fixture
    def view(self, team):
        card(team, owner=team.alice, company_name="Alice's")
        card(team, owner=team.bob, company_name="Bob's")
        with tenant_scope(team.tenant.pk):
            given = {"name": "All of it", "is_shared": True}
            asks = {"list_name": CARDS, "query": "cols=title"}
            return save_view(**asks, values=given, by=team.mona.user)

    def export(self, path, **options):
        call_command("export", "--view", "all of it", output=path, **options)
        return path

    def test_writes_what_the_owner_sees(self, view, team, tmp_path):
        text = self.export(tmp_path / "all.csv", tenant=team.tenant.slug).read_text("utf-8-sig")
        assert "Alice's" in text
        assert "Bob's" in text
        (job,) = jobs()
        assert (job.created_by_id, job.done) == (team.mona.id, 2)

    def test_writes_what_a_user_sees(self, view, team, tmp_path):
        path = self.export(tmp_path / "a.xlsx", user="ALICE@acme.test", format=XLSX)
        values = [row[0].value for row in load_workbook(path).active.rows]
        assert values == ["Empresa", "Alice's"]

    @pytest.mark.parametrize(
        "options",
        [
            {"tenant": "nobody"},
            {"user": "nobody@acme.test"},
            {"user": "ada@rival.test"},
            {"user": "victor@acme.test"},
            {"list": "sales.deal"},
        ],
    )
    def test_refuses_what_is_not_there_or_may_not(self, view, team, rivals, tmp_path, options):
        path = tmp_path / "x.csv"
        with pytest.raises(CommandError):
            self.export(path, format=CSV, **options)
        assert list(tmp_path.iterdir()) == []

    def test_asks_which_where_there_are_two(self, view, team, rivals, tmp_path):
        with tenant_scope(rivals.tenant.pk):
            given = {"name": "All of it"}
            save_view(list_name=CARDS, query="", values=given, by=rivals.ada.user)
        with pytest.raises(CommandError, match="several"):
            self.export(tmp_path / "x.csv")
