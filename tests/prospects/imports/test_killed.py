"""The real worker, killed while it reads a file and while it takes an import back."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from core.checks import integrity_checks
from core.tenancy import tenant_scope
from prospects.contacts.models import Contact
from prospects.imports.models import ImportJob
from prospects.imports.services import claim_undo
from prospects.imports.uploads import receive_upload, rows_read
from prospects.models import Prospect
from prospects.pipeline.services import edit_prospect
from tests.prospects.imports.plans import bring_in
from tests.prospects.imports.workers import a_worker, broker, until, wake

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ROWS, KNOWN_EVERY = 30_000, 100  # of each hundred rows one has been a card before
KNOWN = range(0, ROWS, KNOWN_EVERY)
HEADER = "external_id,company,email\n"
EARLIER = HEADER + "".join(f"{n},Before {n},b{n}@x.mx\n" for n in KNOWN)
FILE = HEADER + "".join(f"{n},Shop {n},p{n}@x.mx\n" for n in range(ROWS))
EDITED = ["7", "15001", str(ROWS - 1), "200", "20000"]  # the last two were known before
Status = ImportJob.Status


def broken() -> list[str]:
    """What every check of the data finds: kept counts, primary people, tenants …"""
    return [line for check in integrity_checks() for line in check.find()]


class TestReading:
    @pytest.fixture
    def real_files(self, settings: Any, tmp_path: Any) -> None:
        """Files and cache that the worker shares with the test."""
        settings.MEDIA_ROOT = tmp_path
        storage = "django.core.files.storage.FileSystemStorage"
        settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": storage}}
        settings.CACHES = {"default": configured.CACHES["default"] | {"LOCATION": broker()}}
        cache.clear()

    @pytest.mark.usefixtures("real_files")
    def test_begins_anew_and_judges_every_row_once(self, team: Any) -> None:
        with tenant_scope(team.tenant.pk):
            job = self.uploaded(team)
            for _ in range(3):
                wake("imports.plan", job)
                with a_worker():
                    until(lambda: rows_read(job) > 0)
                until(lambda: self.is_let_go(job))
                cache.clear()
                job.refresh_from_db()
                assert (job.status, job.rows.count()) == (Status.PLANNING, 0)
            wake("imports.plan", job)
            with a_worker():
                until(lambda: self.status(job) == Status.PLANNED)
            assert job.counts["create"] == job.rows_read == job.rows.count() == ROWS
            assert list(job.rows.order_by("line").values_list("line", flat=True)) == [
                *range(2, ROWS + 2)
            ]
            assert not Prospect.objects.exists()

    @staticmethod
    def uploaded(team: Any) -> ImportJob:
        job = receive_upload(
            file=io.BytesIO(FILE.encode()),
            file_name="leads.csv",
            is_update=False,
            creates_users=False,
            by=team.mona.user,
            at=timezone.now(),
        )
        # As queue_plan leaves it, but nobody is woken: in tests that would read it at once.
        job.status = Status.PLANNING
        job.save()
        return job

    @staticmethod
    def status(job: ImportJob) -> str:
        job.refresh_from_db()
        return job.status

    @staticmethod
    def is_let_go(job: ImportJob) -> bool:
        """Whether PostgreSQL has noticed that the worker is dead."""
        with transaction.atomic():
            return ImportJob.objects.select_for_update(skip_locked=True).filter(pk=job.pk).exists()


class TestTakingBack:
    def test_goes_on_and_leaves_exactly_what_people_worked_on(self, team: Any) -> None:
        with tenant_scope(team.tenant.pk):
            bring_in(EARLIER)
            job = bring_in(FILE, is_update=True)
            assert (job.counts["create"], job.counts["update"]) == (ROWS - len(KNOWN), len(KNOWN))
            for edited in Prospect.objects.filter(external_id__in=EDITED):
                edit_prospect(
                    prospect_id=edited.pk, changes={"company_name": "Mine"}, at=timezone.now()
                )
            claim_undo(job.pk)
            for _ in range(3):
                before = self.done(job)
                wake("imports.undo", job)
                with a_worker():
                    until(lambda before=before: self.done(job) > before)
            assert 0 < self.done(job) < ROWS
            wake("imports.undo", job)
            with a_worker():
                until(lambda: self.done(job) == ROWS and job.status == Status.UNDONE)
            self.assert_taken_back(job)

    @staticmethod
    def done(job: ImportJob) -> int:
        job.refresh_from_db()
        return job.rows_undone + job.rows_spared

    @staticmethod
    def assert_taken_back(job: ImportJob) -> None:
        """Known cards as before, new ones gone with their people, edited ones as left."""
        assert (job.rows_undone, job.rows_spared) == (ROWS - len(EDITED), len(EDITED))
        spared = job.rows.filter(spared="edited").values_list("line", flat=True)
        assert sorted(spared) == sorted(int(n) + 2 for n in EDITED)
        expected = {str(n): (f"Before {n}", f"b{n}@x.mx") for n in KNOWN}
        expected |= {n: ("Mine", f"p{n}@x.mx") for n in EDITED}
        left = Prospect.objects.values_list("external_id", "company_name", "email")
        assert {key: (company, email) for key, company, email in left} == expected
        assert Contact.objects.count() == len(expected)
        assert Prospect.all_objects.count() == ROWS
        assert broken() == []
