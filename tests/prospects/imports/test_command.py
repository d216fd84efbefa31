from __future__ import annotations

import csv
import io

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from prospects.models import ImportJob, ImportRow, Prospect
from tests.prospects.cards_of import card

pytestmark = pytest.mark.usefixtures("everyone")
CHANNELS = ["social", "paid_search", "", "email"]
SEGMENTS = ["pet", "home_decor", "watches"]


@pytest.fixture
def run(team, tmp_path, monkeypatch):
    """Run the command on a file with this content; answers what it prints."""
    monkeypatch.chdir(tmp_path)

    def run(content, *options, name="leads.csv", tenant=team.tenant.slug):
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        out = io.StringIO()
        call_command("import_prospects", str(path), "--tenant", tenant, *options, stdout=out)
        return out.getvalue()

    return run


def leads(number):
    """An export of leads of a marketplace."""
    rows = [
        f"{n:032x},{1 + n % 28:02}-02-2018,page-{n % 7},{CHANNELS[n % 4]}" for n in range(number)
    ]
    return "\n".join(["mql_id,first_contact_date,landing_page_id,origin", *rows, ""])


def deals(number):
    """An export of those of them that were won."""
    header = "mql_id,sdr_id,sr_id,won_date,business_segment,lead_type,declared_monthly_revenue"
    rows = [
        f"{n:032x},sdr,sr-{n % 5},{1 + n % 28:02}-03-2018 19:5{n % 10},{SEGMENTS[n % 3]},,"
        f"{0 if n % 9 else 1000 * n}"
        for n in range(number)
    ]
    return "\n".join([header, *rows, ""])


LEADS = ["--external-id-column=mql_id", "--map=first_contact_date=created_at"]
LEADS += ["--map=origin=channel"]
DEALS = ["--external-id-column=mql_id", "--update", "--create-users", "--map=sr_id=owner"]
DEALS += ["--map=won_date=category_changed_at", "--map=business_segment=content"]
DEALS += ["--map=declared_monthly_revenue=account_value", "--set=category=active_client"]


class TestTwoExports:
    def test_become_cards_of_which_some_are_won(self, run, team):
        run(leads(300), *LEADS)
        run(deals(40), *DEALS)
        assert Prospect.objects.count() == 300
        won = Prospect.objects.filter(category__kind="won").order_by("external_id")
        assert won.count() == 40
        assert won.filter(owner__name__startswith="sr-", account_value__gte=0).count() == 40
        card = won[7]
        zone = team.tenant.zone
        assert card.owner.name == "sr-2"
        assert card.content.name == "home_decor"
        assert card.account_value == 0
        assert card.created_at.astimezone(zone).isoformat() == "2018-02-08T00:00:00-06:00"
        since = card.category_changed_at.astimezone(zone)
        assert since.isoformat() == "2018-03-08T19:57:00-06:00"

    def test_change_nothing_the_second_time(self, run):
        def state():
            return list(Prospect.objects.order_by("pk").values_list("pk", "updated_at"))

        run(leads(300), *LEADS)
        run(deals(40), *DEALS)
        before, users = state(), User.objects.count()
        assert "300" in run(leads(300), *LEADS)
        run(deals(40), *DEALS)
        assert state() == before
        assert User.objects.count() == users
        repeats = ImportJob.objects.order_by("-pk")[:2]
        assert [job.counts["unchanged"] for job in repeats] == [40, 300]


class TestReport:
    def test_says_how_many_rows_met_which_fate(self, run, team):
        card(team, email="b@x.mx")
        out = run("name,email\nA,a@x.mx\nB,b@x.mx\nC,a@x.mx\nD,no\n")
        words = [line.replace("│", "").split() for line in out.splitlines()]
        for line in (
            ["create", "1"],
            ["duplicate", "2"],
            ["error", "1"],
            ["DUPLICATE_EMAIL", "1"],
            ["DUPLICATE_IN_BATCH", "1"],
            ["INVALID_EMAIL", "1"],
        ):
            assert line in words

    def test_leaves_the_refused_rows_in_a_file_without_formulas(self, run, tmp_path):
        run('name,email,phone,note\n=HYPERLINK("x"),no,+52 55,@a\nA,a@x.mx,,\n')
        with (tmp_path / "leads.rejected.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
        assert rows == [
            ["line", "error_code", "reason", "name", "email", "phone", "note"],
            [
                "2",
                "INVALID_EMAIL",
                "email: this is not an email address",
                '\'=HYPERLINK("x")',
                "no",
                "'+52 55",
                "'@a",
            ],
        ]

    def test_leaves_no_file_when_nothing_was_refused(self, run, tmp_path):
        run("name\nA\n")
        assert [path.name for path in tmp_path.iterdir()] == ["leads.csv"]


class TestDryRun:
    def test_shows_the_plan_and_leaves_nothing(self, run, tmp_path):
        out = run("name,email,owner\nA,a@x.mx,new\nB,no,\n", "--dry-run", "--create-users")
        assert "Nothing was written" in out
        assert (tmp_path / "leads.rejected.csv").exists()
        for model in (Prospect, ImportJob, ImportRow):
            assert not model.objects.exists()
        assert not User.objects.filter(name="new").exists()


class TestMistakes:
    @pytest.mark.parametrize(
        ("content", "options", "message"),
        [
            (None, [], "leads.csv cannot be opened: No such file"),
            (b"", [], "leads.csv is empty"),
            (b"%PDF-1.7 ...", [], "leads.csv is a PDF document"),
            ("one,two\n1,2\n", [], "No column of the file is known. It has: one, two."),
            ('name,email\nA,\n"B,b@x', [], "The file is cut off"),
            ("name\nA\n", ["--map=nome=name"], "The file has no column 'nome'. It has: name."),
            ("name\nA\n", ["--map=name=nome"], "There is no field 'nome'."),
            ("name\nA\n", ["--set=colour=red"], "There is no field 'colour'."),
            ("name\nA\n", ["--set=category=winning"], "category: 'winning' does not exist."),
            ("name\nA\n", ["--map=name"], "--map takes two words with = between them"),
            ("name\nA\n", ["--external-id-column=id"], "The file has no column 'id'."),
        ],
    )
    def test_end_with_one_line_and_nothing_written(self, run, content, options, message):
        with pytest.raises(CommandError) as raised:
            run(content, *options)
        assert message in str(raised.value)
        assert "\n" not in str(raised.value)
        assert not ImportJob.objects.exists()
        assert not Prospect.objects.exists()

    def test_in_the_tenant_are_said(self, run):
        with pytest.raises(CommandError, match="There is no tenant nobody"):
            run("name\nA\n", tenant="nobody")


class TestHistory:
    def test_names_the_operators_job_nobodys(self, run, team):
        run("name\nA\n")
        job = ImportJob.objects.get()
        assert job.created_by is None
        assert job.tenant == team.tenant
        assert job.finished_at <= timezone.now()
