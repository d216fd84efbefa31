from __future__ import annotations

import io
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from core.tenancy import tenant_scope
from prospects.models import ImportJob, Prospect
from tests.people import Team
from tests.prospects.imports.plans import apply, plan
from tests.staff import errors_of, filled_in, make_operator, messages_of, signed_in

ADD = "admin:prospects_importjob_add"
LEADS = """clave,Empresa,Correo,Qué es
1,Ñandú SA,ana@nandu.mx,cliente
2,Otra,not an email,x
3,Ñandú SA,ANA@nandu.mx,x
"""


def file_of(content: str | bytes, name: str = "leads.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


def of_job(name: str, job: ImportJob) -> str:
    return reverse(f"admin:{name}", args=(job.pk,))


@pytest.fixture
def ada(team: Team) -> Client:
    return signed_in(team.ada.user)


@pytest.fixture
def job(team: Team) -> ImportJob:
    with tenant_scope(team.tenant.pk):
        return plan(LEADS)


def upload(browser: Client, content: Any = LEADS, name: str = "leads.csv", **more: Any) -> Any:
    return browser.post(reverse(ADD), {"file": file_of(content, name), **more}, follow=True)


@pytest.fixture
def at_once(django_capture_on_commit_callbacks: Any) -> Any:
    """Let the worker do what a request has asked for as soon as the request is over."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


class TestUpload:
    def test_guesses_columns_plans_and_applies(self, ada: Client, team: Team, at_once: Any) -> None:
        asked = upload(ada)
        assert [field.initial for field in asked.context["form"].fields.values()] == [
            "",
            "company",
            "email",
            "",
        ]
        path = asked.request["PATH_INFO"]
        with at_once():
            ada.post(path, filled_in(asked, column_0="external_id"))
        with tenant_scope(team.tenant.pk):
            job = ImportJob.objects.get()
            assert not Prospect.objects.exists()
        shown = ada.get(of_job("prospects_importjob_change", job))
        assert (job.status, job.created_by_id) == ("planned", team.ada.id)
        assert (job.counts["create"], job.counts["error"], job.counts["duplicate"]) == (1, 1, 1)
        assert "INVALID_EMAIL" in shown.content.decode()
        with at_once():
            ada.post(of_job("import_apply", job))
        with tenant_scope(team.tenant.pk):
            made = Prospect.objects.get()
        assert (made.company_name, made.external_id) == ("Ñandú SA", "1")
        done = ada.get(of_job("import_progress", job))
        assert done["HX-Refresh"] == "true"

    def test_takes_what_the_person_says_of_the_columns_and_remembers_it(
        self, ada: Client, team: Team, at_once: Any
    ) -> None:
        asked = upload(ada)
        with at_once():
            form = filled_in(asked, column_1="", column_3="annotations")
            ada.post(asked.request["PATH_INFO"], form)
        with tenant_scope(team.tenant.pk):
            mapping = ImportJob.objects.get().mapping
        assert mapping == {"Correo": "email", "Qué es": "annotations"}
        again = upload(ada).context["form"].fields.values()
        assert [field.initial for field in again] == ["", "", "email", "annotations"]

    def test_takes_excel(self, ada: Client, team: Team, at_once: Any) -> None:
        book, content = Workbook(), io.BytesIO()
        book.active.append(["Empresa", "Correo"])
        book.active.append(["Ñandú SA", "ana@nandu.mx"])
        book.save(content)
        asked = upload(ada, content.getvalue(), "leads.xlsx")
        with at_once():
            ada.post(asked.request["PATH_INFO"], filled_in(asked))
        with tenant_scope(team.tenant.pk):
            assert ImportJob.objects.get().counts["create"] == 1

    def test_shows_how_far_the_reading_is(self, ada: Client, team: Team) -> None:
        asked = upload(ada)
        ada.post(asked.request["PATH_INFO"], filled_in(asked))
        with tenant_scope(team.tenant.pk):
            job = ImportJob.objects.get()
        cache.set(f"import-read:{job.pk}", 2500)
        shown = ada.get(of_job("import_progress", job)).content.decode()
        assert "2,500" in shown

    @pytest.mark.parametrize(
        ("content", "name"),
        [
            (b"", "empty.csv"),
            (b"\x00\x01\x02\xff" * 400, "noise.csv"),
            (b"PK\x03\x04 broken", "broken.xlsx"),
            (b"a,a\n1,2\n", "twice.csv"),
        ],
    )
    def test_refuses_what_is_no_table(
        self, ada: Client, team: Team, content: bytes, name: str
    ) -> None:
        assert errors_of(upload(ada, content, name))
        with tenant_scope(team.tenant.pk):
            assert not ImportJob.objects.exists()

    def test_refuses_a_file_that_is_too_large(self, ada: Client, settings: Any) -> None:
        settings.CRM_MAX_IMPORT_BYTES = 10
        assert "file" in errors_of(upload(ada))

    def test_refuses_two_columns_for_one_field_and_no_columns(self, ada: Client) -> None:
        asked = upload(ada)
        path = asked.request["PATH_INFO"]
        assert errors_of(ada.post(path, filled_in(asked, column_0="email")))
        nothing = {f"column_{number}": "" for number in range(4)}
        assert errors_of(ada.post(path, filled_in(asked, **nothing)))
        assert errors_of(ada.post(path, filled_in(asked, column_0="tenant_id")))

    def test_another_person_does_not_find_the_file(self, ada: Client, team: Team) -> None:
        path = upload(ada).request["PATH_INFO"]
        with tenant_scope(team.tenant.pk):
            team.bob.user.user_permissions.add(
                *Permission.objects.filter(codename__in=("add_importjob", "view_importjob"))
            )
        assert signed_in(team.bob.user).get(path).status_code == 404

    def test_unknown_owners_are_made_by_those_only_who_may_add_users(self, team: Team) -> None:
        browser = signed_in(team.mona.user)
        assert "creates_users" not in browser.get(reverse(ADD)).context["form"].fields
        asked = upload(browser, "name,owner\nAna,Zoe Z\n", creates_users="on")
        browser.post(asked.request["PATH_INFO"], filled_in(asked))
        with tenant_scope(team.tenant.pk):
            assert not ImportJob.objects.get().creates_users

    def test_operators_choose_a_tenant_first(self, team: Team) -> None:
        browser = signed_in(make_operator())
        assert messages_of(browser.get(reverse(ADD), follow=True))
        browser.post(reverse("admin:choose_tenant"), {"tenant": team.tenant.pk})
        asked = upload(browser)
        browser.post(asked.request["PATH_INFO"], filled_in(asked))
        with tenant_scope(team.tenant.pk):
            assert ImportJob.objects.get().created_by is None


class TestPlan:
    def test_lists_the_rows_of_a_verdict_page_by_page(self, ada: Client, team: Team) -> None:
        lines = "\n".join(f"Shop {number}" for number in range(60))
        with tenant_scope(team.tenant.pk):
            job = plan(f"company\n{lines}")
        path = of_job("prospects_importjob_change", job)
        second = ada.get(path, {"verdict": "create", "p": 2}).content.decode()
        assert "Shop 55" in second
        assert "Shop 5 " not in second
        assert ada.get(path, {"verdict": "x", "p": "y"}).status_code == 200

    def test_needs_twelve_statements_at_most(
        self, ada: Client, job: ImportJob, django_assert_max_num_queries: Any
    ) -> None:
        for query in ({}, {"verdict": "create"}):
            with django_assert_max_num_queries(12):
                ada.get(of_job("prospects_importjob_change", job), query)

    def test_hands_out_the_refused_rows(self, ada: Client, job: ImportJob) -> None:
        answer = ada.get(of_job("import_rejected", job))
        lines = answer.content.decode("utf-8-sig").splitlines()
        assert len(lines) == 3
        assert "attachment" in answer["Content-Disposition"]

    def test_is_applied_once(
        self,
        ada: Client,
        team: Team,
        job: ImportJob,
        django_capture_on_commit_callbacks: Any,
    ) -> None:
        for _time in range(2):
            with django_capture_on_commit_callbacks(execute=True):
                ada.post(of_job("import_apply", job))
        with tenant_scope(team.tenant.pk):
            assert Prospect.objects.count() == 1

    def test_is_not_applied_by_a_look(self, ada: Client, team: Team, job: ImportJob) -> None:
        assert ada.get(of_job("import_apply", job)).status_code == 405
        with tenant_scope(team.tenant.pk):
            assert ImportJob.objects.get().status == "planned"

    def test_that_failed_says_so(self, ada: Client, team: Team, job: ImportJob) -> None:
        with tenant_scope(team.tenant.pk):
            ImportJob.objects.update(status="failed", message="it broke")
        ada.post(of_job("import_apply", job), follow=True)
        shown = ada.get(of_job("prospects_importjob_change", job))
        assert "it broke" in shown.content.decode()

    def test_shows_what_became_of_it(self, ada: Client, team: Team, job: ImportJob) -> None:
        with tenant_scope(team.tenant.pk):
            apply(job)
            made = Prospect.objects.get()
        shown = ada.get(of_job("prospects_importjob_change", job), {"verdict": "create"})
        path = reverse("admin:prospects_prospect_change", args=(made.pk,))
        assert path in shown.content.decode()

    @pytest.mark.parametrize("who", ["sales", "viewer"])
    def test_is_not_carried_out_by_who_may_not(self, team: Team, job: ImportJob, who: str) -> None:
        browser = signed_in(team.everybody[who].user)
        assert browser.get(reverse(ADD)).status_code == 403
        assert browser.post(of_job("import_apply", job)).status_code in (403, 404)
        with tenant_scope(team.tenant.pk):
            assert ImportJob.objects.get().status == "planned"

    def test_rows_are_not_shown_to_who_does_not_see_every_card(
        self, team: Team, job: ImportJob
    ) -> None:
        browser = signed_in(team.alice.user)
        for name in ("prospects_importjob_change", "import_progress", "import_rejected"):
            assert browser.get(of_job(name, job)).status_code == 404

    def test_of_another_tenant_does_not_exist(self, rivals: Team, job: ImportJob) -> None:
        browser = signed_in(rivals.ada.user)
        for name in ("prospects_importjob_change", "import_progress", "import_rejected"):
            assert browser.get(of_job(name, job)).status_code == 404
        assert browser.post(of_job("import_apply", job)).status_code == 404

    def test_shows_cells_as_text(self, ada: Client, team: Team) -> None:
        with tenant_scope(team.tenant.pk):
            job = plan("company\n<script>alert(1)</script>")
        shown = ada.get(of_job("prospects_importjob_change", job)).content.decode()
        assert "<script>alert(1)" not in shown


class TestUndo:
    @pytest.fixture
    def applied(self, team: Team, job: ImportJob) -> ImportJob:
        with tenant_scope(team.tenant.pk):
            return apply(job)

    def test_takes_back_what_was_written(
        self, ada: Client, team: Team, applied: ImportJob, at_once: Any
    ) -> None:
        path = of_job("import_undo", applied)
        assert path in ada.get(of_job("prospects_importjob_change", applied)).content.decode()
        with at_once():
            ada.post(path)
        with tenant_scope(team.tenant.pk):
            assert not Prospect.objects.exists()
        assert path not in ada.get(of_job("prospects_importjob_change", applied)).content.decode()

    @pytest.mark.parametrize("status", ["planned", "queued", "applying", "undoing", "undone"])
    def test_is_refused_in_every_other_state(
        self, ada: Client, team: Team, applied: ImportJob, status: str, at_once: Any
    ) -> None:
        with tenant_scope(team.tenant.pk):
            ImportJob.objects.update(status=status)
        with at_once():
            shown = ada.post(of_job("import_undo", applied), follow=True)
        assert f"it is {status}" in messages_of(shown)
        with tenant_scope(team.tenant.pk):
            assert ImportJob.objects.get().status == status
            assert Prospect.objects.count() == 1

    def test_is_not_done_by_a_look(self, ada: Client, team: Team, applied: ImportJob) -> None:
        assert ada.get(of_job("import_undo", applied)).status_code == 405
        with tenant_scope(team.tenant.pk):
            assert ImportJob.objects.get().status == "applied"

    def test_is_not_done_by_who_may_not(self, team: Team, rivals: Team, applied: ImportJob) -> None:
        path = of_job("import_undo", applied)
        for person in (team.alice, team.victor, rivals.ada):
            assert signed_in(person.user).post(path).status_code in (403, 404)
        with tenant_scope(team.tenant.pk):
            assert ImportJob.objects.get().status == "applied"
