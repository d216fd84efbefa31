from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from accounts.users.services import create_user
from core.tenancy import tenant_scope
from prospects.imports import applying
from prospects.imports.services import ImportFailed, ImportNotReady, apply_import, queue_import
from prospects.models import Contact, Content, ImportJob, Prospect
from tests.people import make_team
from tests.prospects.cards_of import card, category
from tests.prospects.imports.plans import apply, bring_in, plan, verdicts

PEOPLE = "name,email\n" + "".join(f"Person {n},p{n}@x.mx\n" for n in range(7))


class Killed(BaseException):
    """What SIGKILL is to a process, a test can catch."""


def die(rows):
    raise Killed


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(applying, "CHUNK", 3)


@pytest.mark.usefixtures("in_tenant", "small_chunks")
class TestApply:
    def test_creates_cards_with_their_people(self, team):
        at = datetime(2026, 3, 15, 12, tzinfo=UTC)
        job = apply(plan(PEOPLE + "Last,\n", constants={"channel": "fair"}), at=at)
        assert (job.status, job.rows_applied) == ("applied", 8)
        assert job.finished_at is not None
        made = Prospect.objects.get(email="p3@x.mx")
        assert (made.name, made.channel, made.owner_id) == ("Person 3", "fair", None)
        assert (made.category.name, made.created_at, made.category_changed_at) == (
            "new_lead",
            at,
            at,
        )
        assert "person 3" in made.search_text
        person = Contact.objects.get(prospect=made)
        assert (person.is_primary, person.name, person.email) == (True, "Person 3", "p3@x.mx")
        row = job.rows.get(line=5)
        assert (row.known_card_id(job), row.is_written(job)) == (made.pk, True)

    def test_dates_cards_as_the_file_says(self):
        bring_in("name,created_at\nAna,2018-02-01")
        made = Prospect.objects.get()
        assert made.created_at == made.category_changed_at == datetime(2018, 2, 1, 6, tzinfo=UTC)

    def test_changes_only_what_differs(self, team):
        first = "external_id,name,email,channel\n1,Ana,ana@x.mx,web\n2,Leo,,web"
        bring_in(first)
        before = Prospect.objects.get(external_id="2")
        header = "external_id,name,category,category_changed_at"
        text = f"{header}\n1,Eva Sol,active_client,2018-02-01\n2,Leo,,"
        job = bring_in(text, is_update=True)
        assert job.counts["update"] == job.counts["unchanged"] == 1
        made = Prospect.objects.get(external_id="1")
        assert (made.name, made.email, made.channel) == ("Eva Sol", "ana@x.mx", "web")
        assert made.category.name == "active_client"
        assert made.category_changed_at == datetime(2018, 2, 1, 6, tzinfo=UTC)
        assert "eva sol" in made.search_text
        assert made.contacts.get().name == "Eva Sol"
        assert Prospect.objects.get(external_id="2").updated_at == before.updated_at

    def test_counts_a_new_category_from_now_unless_told(self):
        bring_in("external_id\n1")
        at = datetime(2026, 3, 15, 12, tzinfo=UTC)
        job = plan("external_id,category\n1,qualified", is_update=True)
        apply(job, at=at)
        assert Prospect.objects.get().category_changed_at == at

    def test_twice_changes_nothing(self):
        job = bring_in(PEOPLE)
        before = list(Prospect.objects.order_by("pk").values_list("pk", "updated_at"))
        assert apply(job).rows_applied == 7
        assert list(Prospect.objects.order_by("pk").values_list("pk", "updated_at")) == before

    def test_refuses_what_was_taken_since_the_plan(self, team):
        job = plan(PEOPLE)
        other = card(team, email="p1@x.mx")
        apply(job)
        assert verdicts(job)[1] == (3, "duplicate", "DUPLICATE_EMAIL")
        assert job.rows.get(line=3).prospect_id == other.pk
        job.refresh_from_db()
        assert (job.rows_applied, job.counts["create"], job.counts["duplicate"]) == (6, 6, 1)
        assert Prospect.objects.count() == 7

    def test_refuses_changes_to_what_was_deleted_or_whose_email_was_taken(self, team):
        bring_in("external_id,email\n1,a@x.mx\n2,b@x.mx\n3,c@x.mx")
        text = "external_id,email,name\n1,new@x.mx,A\n2,,B\n3,,C"
        job = plan(text, is_update=True)
        other = card(team, email="new@x.mx")
        Prospect.objects.filter(external_id="2").update(deleted_at=timezone.now())
        job = apply(job)
        assert verdicts(job) == [
            (2, "duplicate", "DUPLICATE_EMAIL"),
            (3, "error", "PROSPECT_GONE"),
            (4, "update", ""),
        ]
        assert job.rows.get(line=2).prospect_id == other.pk
        assert job.counts == {"create": 0, "update": 1, "unchanged": 0, "duplicate": 1, "error": 1}

    def test_goes_on_where_a_worker_died(self):
        job = plan(PEOPLE)
        for done in (3, 6):
            with pytest.raises(Killed):
                apply(job, on_progress=die)
            assert Prospect.objects.count() == done
            job.refresh_from_db()
            assert (job.status, job.rows_applied) == ("applying", done)
        assert apply(job).rows_applied == 7
        assert sorted(Prospect.objects.values_list("email", flat=True)) == [
            f"p{n}@x.mx" for n in range(7)
        ]
        job.refresh_from_db()
        assert all(row.is_written(job) for row in job.rows.all())

    def test_fails_when_what_it_refers_to_is_gone(self, team):
        job = plan("name,category\nAna,qualified")
        category(team, "qualified").delete()
        with pytest.raises(ImportFailed, match="was deleted since"):
            apply(job)
        job.refresh_from_db()
        assert job.status == "failed"
        assert job.message
        for do in (apply, lambda job: queue_import(job_id=job.pk, by=None)):
            with pytest.raises(ImportNotReady):
                do(job)


@pytest.mark.usefixtures("in_tenant")
class TestNewcomers:
    TEXT = "external_id,content,owner\n1,pet,4ef15afb\n2,PET,José Núñez\n3,toys,4ef15afb"

    def test_are_created_when_the_plan_is_applied(self, team):
        job = plan(self.TEXT, creates_users=True)
        assert not User.objects.filter(role="sales", name="4ef15afb").exists()
        apply(job)
        made = Prospect.objects.get(external_id="2")
        assert (made.content.name, made.owner.name) == ("pet", "José Núñez")
        assert made.owner.email.endswith(f"@{team.tenant.slug}.imported.invalid")
        assert made.owner.role == "sales"
        assert not made.owner.has_usable_password()
        assert Content.objects.filter(name__iexact="pet").count() == 1
        assert Prospect.objects.filter(owner__name="4ef15afb").count() == 2

    def test_are_found_again(self):
        bring_in(self.TEXT, creates_users=True)
        users = User.objects.count()
        again = bring_in(self.TEXT, creates_users=True, is_update=True)
        assert again.counts["unchanged"] == 3
        assert again.new_entries == {}
        assert User.objects.count() == users

    def test_that_somebody_else_created_meanwhile_are_used(self):
        first, second = (plan(self.TEXT.replace("\n", f"\n{n}"), creates_users=True) for n in "12")
        apply(first)
        apply(second)
        assert Content.objects.filter(name="pet").count() == 1
        assert Prospect.objects.filter(content__name="pet").count() == 4
        assert Prospect.objects.filter(owner__name="4ef15afb").count() == 4

    def test_do_not_clash_with_those_of_another_tenant(self, rivals):
        bring_in(self.TEXT, creates_users=True)
        with tenant_scope(rivals.tenant.pk):
            bring_in(self.TEXT, creates_users=True)
            assert Prospect.objects.filter(owner__name="4ef15afb").count() == 2

    def test_renamed_since_are_the_same_people(self):
        bring_in(self.TEXT, creates_users=True)
        User.objects.filter(name="4ef15afb").update(name="Rosa")
        again = plan(self.TEXT, creates_users=True, is_update=True)
        assert again.counts["unchanged"] == 3

    def test_do_not_take_the_place_of_real_people(self, team):
        create_user(tenant=team.tenant, name="Rosa", email="rosa@x.mx", role="sales", password=None)
        bring_in("name,owner\nA,Rosa\nB,rosa@x.mx", creates_users=True)
        assert User.objects.get(name="Rosa").prospects.count() == 2


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def run(self, *works):
        failures = []

        def guarded(work):
            try:
                work()
            except Exception as error:
                failures.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=guarded, args=[work]) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []

    def test_two_plans_of_one_file_write_each_row_once(self, small_chunks):
        team = make_team("acme")
        with tenant_scope(team.tenant.pk):
            jobs = [plan(PEOPLE), plan(PEOPLE)]
        self.run(*(self.applying(team, job) for job in jobs))
        with tenant_scope(team.tenant.pk):
            assert Prospect.objects.count() == 7
            states = ImportJob.objects.values_list("status", "rows_applied")
            assert {status for status, _ in states} == {"applied"}
            assert sum(rows for _, rows in states) == 7

    def test_two_workers_on_one_plan_write_each_row_once(self, small_chunks):
        team = make_team("acme")
        with tenant_scope(team.tenant.pk):
            job = plan(PEOPLE)
        self.run(self.applying(team, job), self.applying(team, job))
        with tenant_scope(team.tenant.pk):
            assert Prospect.objects.count() == 7
            job.refresh_from_db()
            assert (job.status, job.rows_applied) == ("applied", 7)

    def applying(self, team, job):
        def work():
            with tenant_scope(team.tenant.pk):
                apply_import(job_id=job.pk, at=timezone.now())

        return work
