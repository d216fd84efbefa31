"""Files of prospects over the API."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook

from core.tasks import sweep_pending
from core.tenancy import tenant_scope
from prospects.imports.tasks import GIVEN_UP_AFTER, drop_forgotten
from prospects.imports.uploads import receive_upload
from prospects.models import ImportJob, ImportMapping, Prospect
from tests.people import Person
from tests.prospects.cards_of import card

pytestmark = pytest.mark.django_db

LEADS = "id,company,mail address,owner\n1,Acme,ana@acme.com,\n2,Otra,not an email,\n3,,,\n"


@pytest.fixture
def send(django_capture_on_commit_callbacks: Any) -> Any:
    """Upload a file as somebody; the worker reads it as soon as the request is over."""

    def upload(person: Person, content: str | bytes = LEADS, name="leads.csv", **form: Any) -> Any:
        raw = content.encode() if isinstance(content, str) else content
        form = {key: json.dumps(value) for key, value in form.items()}
        with django_capture_on_commit_callbacks(execute=True):
            return person.client.post(
                "/prospects/imports",
                {"file": SimpleUploadedFile(name, raw), **form},
                format="multipart",
            )

    return upload


@pytest.fixture
def does(django_capture_on_commit_callbacks: Any) -> Any:
    """Ask for something that a worker does."""

    def ask(person: Person, path: str) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return person.post(path)

    return ask


class TestImport:
    def test_is_planned_looked_at_applied_and_undone(self, team, send, does):
        job = send(team.mona, mapping={"id": "external_id", "mail address": "email"}).json()
        path = f"/prospects/imports/{job['id']}"
        assert (job["status"], job["file_name"]) == ("planning", "leads.csv")
        planned = team.mona.get(path).json()
        assert planned["status"] == "planned"
        assert planned["counts"] == {
            "create": 2,
            "update": 0,
            "unchanged": 0,
            "duplicate": 0,
            "error": 1,
        }
        (refused,) = team.mona.get(f"{path}/rows?verdict=error").json()["data"]
        assert (refused["line"], refused["code"]) == (3, "INVALID_EMAIL")
        assert refused["cells"]["company"] == "Otra"
        assert "INVALID_EMAIL" in team.mona.get(f"{path}/rejected.csv").content.decode()
        assert does(team.mona, f"{path}/apply").status_code == 200
        done = team.mona.get(path).json()
        assert (done["status"], done["rows_applied"], done["rows_to_write"]) == ("applied", 2, 2)
        assert does(team.mona, f"{path}/undo").status_code == 200
        undone = team.mona.get(path).json()
        assert (undone["status"], undone["rows_undone"]) == ("undone", 2)
        with tenant_scope(team.tenant.pk):
            assert not Prospect.objects.exists()

    def test_tells_what_an_update_changes(self, team, send):
        card(team, external_id="1", company_name="Old", email="ana@acme.com")
        content = "external_id,company\n1,New\n"
        job = send(team.mona, content, update=True).json()
        (row,) = team.mona.get(f"/prospects/imports/{job['id']}/rows").json()["data"]
        assert row["verdict"] == "update"
        assert row["changes"]["company_name"] == {"from": "Old", "to": "New"}

    def test_reads_columns_as_in_the_last_file(self, team, send):
        send(team.mona, mapping={"id": "external_id", "mail address": "email"})
        again = send(team.ada).json()
        planned = team.ada.get(f"/prospects/imports/{again['id']}").json()
        assert planned["mapping"]["mail address"] == "email"
        assert planned["counts"]["error"] == 1

    def test_forgets_a_remembered_field_that_another_column_fills_now(self, team, send):
        send(team.mona, mapping={"id": "external_id", "mail address": "email"})
        other = send(team.mona, mapping={"company": "email"}).json()
        planned = team.mona.get(f"/prospects/imports/{other['id']}").json()
        assert planned["mapping"]["company"] == "email"

    def test_sets_the_same_value_in_every_row(self, team, send, does):
        job = send(team.mona, constants={"channel": "expo"}).json()
        does(team.mona, f"/prospects/imports/{job['id']}/apply")
        with tenant_scope(team.tenant.pk):
            assert {made.channel for made in Prospect.objects.all()} == {"expo"}

    def test_is_listed_newest_first(self, team, send):
        first, second = send(team.mona).json(), send(team.ada).json()
        listed = team.mona.get("/prospects/imports?length=1").json()
        assert (listed["recordsTotal"], len(listed["data"])) == (2, 1)
        assert listed["data"][0]["id"] == second["id"] > first["id"]

    def test_is_taken_and_shown_while_the_cache_is_down(self, team, settings):
        nobody = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
        settings.CACHES = {"default": nobody}
        sent = {"file": SimpleUploadedFile("leads.csv", LEADS.encode())}
        job = team.mona.client.post("/prospects/imports", sent, format="multipart").json()
        shown = team.mona.get(f"/prospects/imports/{job['id']}").json()
        assert (shown["status"], shown["rows_read"]) == ("planning", 0)


class TestRefusals:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("mapping", "no json"),
            ("mapping", "[1]"),
            ("mapping", '{"id": 5}'),
            ("mapping", '{"nowhere": "email"}'),
            ("mapping", '{"id": "tenant_id"}'),
            ("constants", '{"email": "a@b.c"}'),
            ("constants", '{"type": "seven"}'),
            ("update", "perhaps"),
        ],
    )
    def test_of_what_cannot_be_used_leave_nothing_behind(self, team, name, value):
        answer = team.mona.client.post(
            "/prospects/imports",
            {"file": SimpleUploadedFile("leads.csv", LEADS.encode()), name: value},
            format="multipart",
        )
        assert answer.status_code == 400
        with tenant_scope(team.tenant.pk):
            assert not ImportJob.objects.exists()
            assert not ImportMapping.objects.exists()

    def test_of_a_zip_bomb(self, team, send):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/workbook.xml", b" " * 30_000_000)
        answer = send(team.mona, packed.getvalue(), "bomb.xlsx")
        assert answer.status_code == 400
        assert "too large when unpacked" in answer.json()["message"]

    def test_of_ten_thousand_columns(self, team, send):
        answer = send(team.mona, ",".join(f"column {n}" for n in range(10_000)) + "\n")
        assert (answer.status_code, "columns" in answer.json()["message"]) == (400, True)

    def test_of_ten_thousand_columns_of_a_workbook(self, team, send):
        book, content = Workbook(), io.BytesIO()
        book.active.append([f"column {n}" for n in range(10_000)])
        book.save(content)
        answer = send(team.mona, content.getvalue(), "leads.xlsx")
        assert answer.status_code == 400
        assert "more than 500 columns" in answer.json()["message"]

    @pytest.mark.parametrize(
        ("name", "content", "reason"),
        [
            ("leads.csv", b"", "is empty"),
            ("leads.csv", b"\x7fELF" + b"\x00" * 400, "not a text file"),
            ("leads.csv", b"PK\x03\x04 broken", "damaged"),
            ("leads.xlsx", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG picture"),
            ("leads.xlsx", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "PDF document"),
            ("leads.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old or password-protected"),
            ("leads.csv", b"<html><body>name,email", "web page"),
        ],
        ids=lambda value: repr(value)[:20],
    )
    def test_of_a_file_that_lies_about_its_type(self, team, send, name, content, reason):
        answer = send(team.mona, content, name)
        assert answer.status_code == 400
        assert reason in answer.json()["message"]
        assert reason in str(answer.json()["validation"]["file"])
        with tenant_scope(team.tenant.pk):
            assert not ImportJob.objects.exists()

    def test_take_a_workbook_for_what_it_is_whatever_it_is_called(self, team, send):
        book, content = Workbook(), io.BytesIO()
        for row in (["company", "email"], ["Acme", "ana@acme.com"]):
            book.active.append(row)
        book.save(content)
        job = send(team.mona, content.getvalue(), "leads.csv").json()
        planned = team.mona.get(f"/prospects/imports/{job['id']}").json()
        assert planned["counts"]["create"] == 1

    def test_hand_formulas_out_as_text(self, team, send):
        content = 'company,mail,=cmd\n"=HYPERLINK(""http://x"")",no,+52 55\n@SUM(A1),no,-1\n'
        job = send(team.mona, content, mapping={"mail": "email"}).json()
        answer = team.mona.get(f"/prospects/imports/{job['id']}/rejected.csv")
        header, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
        assert header[3:] == ["company", "mail", "'=cmd"]
        assert [row[3:] for row in rows] == [
            ['\'=HYPERLINK("http://x")', "no", "'+52 55"],
            ["'@SUM(A1)", "no", "'-1"],
        ]

    def test_of_a_file_that_is_too_large(self, team, send, settings):
        settings.CRM_MAX_IMPORT_BYTES = 10
        assert "file" in send(team.mona).json()["validation"]

    def test_of_a_body_without_a_file_or_that_is_no_form(self, team):
        assert (
            team.mona.client.post("/prospects/imports", {}, format="multipart").status_code == 400
        )
        assert team.mona.post("/prospects/imports", {}).status_code == 415

    def test_of_new_users_by_who_may_not_add_any(self, team, send):
        assert send(team.mona, create_users=True).status_code == 403
        assert send(team.ada, create_users=True).status_code == 200

    def test_of_an_unknown_verdict(self, team, send):
        job = send(team.mona).json()
        assert team.mona.get(f"/prospects/imports/{job['id']}/rows?verdict=x").status_code == 400

    def test_of_steps_out_of_order(self, team, send, does):
        path = f"/prospects/imports/{send(team.mona).json()['id']}"
        assert team.mona.post(f"{path}/undo").status_code == 409
        does(team.mona, f"{path}/apply")
        assert does(team.mona, f"{path}/undo").status_code == 200
        assert team.mona.post(f"{path}/undo").status_code == 409
        assert team.mona.post(f"{path}/apply").status_code == 409

    def test_of_undoing_while_it_is_applied(self, team, send):
        path = f"/prospects/imports/{send(team.mona).json()['id']}"
        team.mona.post(f"{path}/apply")  # no worker is about
        assert team.mona.post(f"{path}/undo").status_code == 409


class TestReading:
    def test_of_a_damaged_file_ends_with_the_reason(self, team, send):
        cut = "company,email\nAcme,a@acme.com\nOt"
        job = send(team.mona, cut).json()
        read = team.mona.get(f"/prospects/imports/{job['id']}").json()
        assert (read["status"], read["rows_read"]) == ("failed", 0)
        assert "cut off" in read["message"]

    def test_goes_on_by_the_sweep_when_the_worker_died(self, team):
        content = SimpleUploadedFile("leads.csv", LEADS.encode())
        job = team.mona.client.post(
            "/prospects/imports", {"file": content}, format="multipart"
        ).json()
        with time_machine.travel(timezone.now() + GIVEN_UP_AFTER + timedelta(seconds=5)):
            sweep_pending()
        read = team.mona.get(f"/prospects/imports/{job['id']}").json()
        assert (read["status"], read["rows_read"]) == ("planned", 3)

    def test_keeps_no_file_afterwards(self, team, send):
        send(team.mona)
        with tenant_scope(team.tenant.pk):
            assert not ImportJob.objects.get().upload


class TestForgottenFiles:
    def test_are_dropped_after_a_day(self, team):
        with tenant_scope(team.tenant.pk):
            for days in (0, 2):
                receive_upload(
                    file=io.BytesIO(LEADS.encode()),
                    file_name="leads.csv",
                    is_update=False,
                    creates_users=False,
                    by=team.mona.user,
                    at=timezone.now() - timedelta(days=days),
                )
        assert drop_forgotten() == 1
        with tenant_scope(team.tenant.pk):
            assert ImportJob.objects.count() == 1
