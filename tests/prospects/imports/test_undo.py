"""An applied import is taken back; what people have worked on since is not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from clients.models import Company
from core.checks import integrity_checks
from prospects.contacts.models import Contact
from prospects.followups.services import add_note
from prospects.imports import undoing
from prospects.imports.models import ImportJob
from prospects.imports.services import ImportNotReady, apply_import, queue_undo, undo_import
from prospects.models import FollowUpNote, Prospect
from prospects.pipeline.services import edit_prospect
from tests.prospects.cards_of import card
from tests.prospects.imports.plans import bring_in, plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_tenant")]

THREE = """
    external_id,company,name,email
    1,One,Ana,a@one.com
    2,Two,Bea,b@two.com
    3,Three,Cleo,c@three.com
"""


def undo(job: ImportJob) -> ImportJob:
    queue_undo(job.pk)
    return undo_import(job_id=job.pk, at=timezone.now())


def spared(job: ImportJob) -> dict[int, str]:
    return dict(job.rows.exclude(spared="").order_by("line").values_list("line", "spared"))


class TestCreatedCards:
    def test_are_deleted_with_their_people(self):
        job = undo(bring_in(THREE))
        assert (job.status, job.rows_undone, job.rows_spared) == ("undone", 3, 0)
        assert not Prospect.objects.exists()
        assert not Contact.objects.exists()
        assert Prospect.all_objects.count() == 3

    def test_leave_the_kept_counts_right(self):
        undo(bring_in(THREE))
        broken = [line for check in integrity_checks() for line in check.find()]
        assert broken == []

    def test_may_be_imported_again(self):
        undo(bring_in(THREE))
        assert bring_in(THREE).rows_applied == 3

    def test_of_others_stay(self, in_tenant):
        card(in_tenant, email="x@other.com")
        undo(bring_in(THREE))
        assert Prospect.objects.get().email == "x@other.com"

    @pytest.mark.parametrize(
        "work",
        [
            lambda made, team: edit_prospect(
                prospect_id=made.pk, changes={"channel": "expo"}, at=timezone.now()
            ),
            lambda made, team: add_note(
                prospect_id=made.pk, note="called", by=None, at=timezone.now()
            ),
            lambda made, team: Company.objects.create(prospect=made),
            lambda made, team: edit_prospect(
                prospect_id=made.pk,
                changes={},
                assignments={"kae": team.bob.id},
                at=timezone.now(),
            ),
            lambda made, team: Contact.objects.create(prospect=made, first_name="Second"),
            lambda made, team: FollowUpNote.objects.create(
                contact=made.contacts.get(), note="to the person alone"
            ),
            lambda made, team: Prospect.objects.filter(pk=made.pk).update(channel="by SQL"),
        ],
    )
    def test_that_somebody_worked_on_are_spared_and_listed(self, in_tenant: Any, work: Any):
        job = bring_in(THREE)
        work(Prospect.objects.get(external_id="2"), in_tenant)
        job = undo(job)
        assert (job.rows_undone, job.rows_spared) == (2, 1)
        assert Prospect.objects.get().external_id == "2"
        assert spared(job) == {3: "edited"}

    def test_that_were_deleted_since_are_listed(self):
        job = bring_in(THREE)
        Prospect.objects.filter(external_id="1").update(deleted_at=timezone.now())
        assert spared(undo(job)) == {2: "gone"}

    def test_with_a_date_of_their_own_are_deleted_too(self):
        job = bring_in("company,created_at\nOld,2019-05-01\n")
        assert undo(job).rows_undone == 1


class TestUpdatedCards:
    @pytest.fixture
    def known(self, in_tenant):
        return card(
            in_tenant,
            external_id="1",
            company_name="Before",
            name="Ana",
            email="a@before.com",
            account_value=10,
        )

    def update(self) -> ImportJob:
        return bring_in(
            "external_id,company,email,account_value,category\n1,After,z@after.com,99.5,contacted\n",
            is_update=True,
        )

    def test_get_their_old_values_back(self, known):
        since = known.category_changed_at
        job = self.update()
        known.refresh_from_db()
        assert (known.company_name, known.category.name) == ("After", "contacted")
        assert undo(job).rows_undone == 1
        known.refresh_from_db()
        assert (known.company_name, known.email, known.account_value) == (
            "Before",
            "a@before.com",
            10,
        )
        assert (known.category.name, known.category_changed_at) == ("new_lead", since)
        assert known.contacts.get().email == "a@before.com"
        assert "before" in known.search_text

    def test_keep_what_else_people_changed_since(self, known):
        job = self.update()
        edit_prospect(prospect_id=known.pk, changes={"channel": "expo"}, at=timezone.now())
        undo(job)
        known.refresh_from_db()
        assert (known.company_name, known.channel) == ("Before", "expo")

    def test_are_spared_when_a_value_was_changed_since(self, known):
        job = self.update()
        edit_prospect(prospect_id=known.pk, changes={"company_name": "Later"}, at=timezone.now())
        assert spared(undo(job)) == {2: "edited"}
        known.refresh_from_db()
        assert (known.company_name, known.email) == ("Later", "z@after.com")

    def test_are_spared_when_their_old_email_is_anothers_by_now(self, known, in_tenant):
        job = self.update()
        card(in_tenant, email="a@before.com")
        assert spared(undo(job)) == {2: "taken"}


class TestStates:
    def test_that_are_not_applied_cannot_be_undone(self):
        with pytest.raises(ImportNotReady):
            queue_undo(plan(THREE).pk)

    def test_undone_cannot_be_undone_or_applied_again(self):
        job = undo(bring_in(THREE))
        with pytest.raises(ImportNotReady):
            queue_undo(job.pk)
        with pytest.raises(ImportNotReady):
            apply_import(job_id=job.pk, at=timezone.now())

    def test_nobody_undoes_what_nobody_asked_to_undo(self):
        with pytest.raises(ImportNotReady):
            undo_import(job_id=bring_in(THREE).pk, at=timezone.now())

    def test_of_an_import_that_broke_off_takes_back_what_it_had_written(self):
        job = bring_in(THREE)
        ImportJob.objects.filter(pk=job.pk).update(status="failed", applied_to_line=3)
        assert undo(job).rows_undone == 2

    def test_goes_on_where_it_was_left(self, monkeypatch):
        monkeypatch.setattr(undoing, "CHUNK", 1)
        job = bring_in(THREE)
        queue_undo(job.pk)
        with pytest.raises(ZeroDivisionError):
            undo_import(job_id=job.pk, at=timezone.now(), on_progress=lambda rows: 1 // (2 - rows))
        assert Prospect.objects.count() == 1
        later = timezone.now() + timedelta(minutes=1)
        assert undo_import(job_id=job.pk, at=later).rows_undone == 3


class TestCommand:
    def test_takes_an_import_back(self, in_tenant, capsys):
        job = bring_in(THREE)
        call_command("import_prospects", tenant=in_tenant.tenant.slug, undo=job.pk)
        assert "3 rows undone, 0 spared" in capsys.readouterr().out
        assert not Prospect.objects.exists()

    @pytest.mark.parametrize("options", [{}, {"undo": 999_999_999}])
    def test_names_what_is_wrong(self, in_tenant, options):
        with pytest.raises(CommandError):
            call_command("import_prospects", tenant=in_tenant.tenant.slug, **options)
