"""What is done to all cards of a list, however many they are."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.urls import reverse
from django.utils import timezone

from accounts.bulk_jobs.kinds import Kind, Outcome, add_kind
from accounts.bulk_jobs.services import advance, begin, cancel_job, run_changes, start_job
from accounts.models import BulkJob, Notification, User
from clients.companies.services import create_company
from core.audit import acting
from core.errors import NotAllowed
from core.rights import CHANGE_PROSPECT
from core.tenancy import tenant_scope
from prospects.models import AcquisitionCampaign, FollowUpCategory, Prospect
from prospects.sharing.services import share_prospect
from tests.prospects.cards_of import card, category
from tests.staff import form_of, messages_of, signed_in

LIST = reverse("admin:prospects_prospect_changelist")
FEW = 4


@pytest.fixture(autouse=True)
def few_at_once(monkeypatch):
    """More than four cards go to the worker, three a chunk."""
    monkeypatch.setattr("core.back_office_many.AT_ONCE", FEW)
    monkeypatch.setattr("accounts.bulk_jobs.services.CHUNK", 3)


@pytest.fixture
def alice(team):
    return signed_in(team.alice.user)


class Killed(BaseException):
    """The worker died."""


def cards(team, count=7, **values):
    given = {"owner": team.alice, **values}
    return [card(team, company_name=f"Card {number}", **given) for number in range(count)]


def jobs():
    return list(BulkJob._base_manager.order_by("pk"))


def ask(browser, action, query="", **sent):
    """Choose an action for all rows of a list."""
    some = Prospect._base_manager.order_by("pk").values_list("pk", flat=True)[:1]
    chosen = {"action": action, "select_across": "1", ACTION_CHECKBOX_NAME: list(some), **sent}
    return browser.post(f"{LIST}?{query}", chosen)


def hidden_of(page):
    sent = {}
    for name, value in page.context["hidden"]:
        sent.setdefault(name, []).append(value)
    return sent


def order(browser, action, query="", **given):
    """Choose an action for all rows, and answer the page that asks."""
    page = ask(browser, action, query)
    assert form_of(page) is not None
    return browser.post(f"{LIST}?{query}", {**hidden_of(page), **given})


def run(team, job=None):
    with tenant_scope(team.tenant.pk):
        return run_changes(job_id=(job or jobs()[0]).pk, at=timezone.now())


def where(team, **values):
    with tenant_scope(team.tenant.pk):
        return set(Prospect.objects.filter(**values).values_list("company_name", flat=True))


def start(person, kind="cards-move", query="", **given):
    with tenant_scope(person.user.tenant_id):
        asked = {"list_name": "prospects.prospect", "query": query, "key": "once"}
        return start_job(kind=kind, given=given, by=person.user, at=timezone.now(), **asked)


class TestFewCards:
    def test_are_changed_at_once(self, alice, team):
        cards(team, 3)
        contacted = category(team, "contacted")
        order(alice, "move", category=contacted.pk)
        assert len(where(team, category=contacted)) == 3
        assert not jobs()

    def test_are_tagged_with_a_campaign_or_none(self, alice, team):
        cards(team, 2)
        with tenant_scope(team.tenant.pk):
            fair = AcquisitionCampaign.objects.create(name="Fair", position=1)
        order(alice, "tag", campaign=fair.pk)
        assert len(where(team, campaign=fair)) == 2
        order(alice, "tag", campaign="")
        assert len(where(team, campaign=None)) == 2


class TestManyCards:
    def test_are_moved_by_the_worker(self, alice, team):
        cards(team)
        card(team, owner=team.bob, company_name="Bob's")
        contacted = category(team, "contacted")
        answer = order(alice, "move", category=contacted.pk)
        (job,) = jobs()
        assert answer["Location"] == reverse("admin:accounts_bulkjob_change", args=[job.pk])
        assert where(team, category=contacted) == set()
        job = run(team)
        assert (job.status, job.total, job.done, job.changed) == ("done", 7, 7, 7)
        assert where(team, category=contacted) == {f"Card {number}" for number in range(7)}
        assert Notification._base_manager.filter(user=team.alice.id, type="bulk_job").count() == 1
        assert "7" in alice.get(answer["Location"]).content.decode()
        assert not job.chunks.model._base_manager.exists()

    def test_are_those_that_the_filters_leave(self, alice, team):
        cards(team, 6)
        cards(team, 6, type=3)
        contacted = category(team, "contacted")
        order(alice, "move", "type__exact=3", category=contacted.pk)
        assert run(team).total == 6
        with tenant_scope(team.tenant.pk):
            moved = Prospect.objects.filter(category=contacted)
            assert set(moved.values_list("type", flat=True)) == {3}

    def test_are_given_to_a_colleague_who_is_told_once(self, team):
        cards(team)
        order(signed_in(team.mona.user), "hand_over", owner=team.bob.id)
        assert run(team).changed == 7
        assert len(where(team, owner_id=team.bob.id)) == 7
        (told,) = Notification._base_manager.filter(user=team.bob.id)
        assert "7" in told.body

    def test_are_tagged(self, alice, team):
        cards(team)
        with tenant_scope(team.tenant.pk):
            fair = AcquisitionCampaign.objects.create(name="Fair", position=1)
        order(alice, "tag", campaign=fair.pk)
        assert run(team).changed == 7
        assert len(where(team, campaign=fair)) == 7

    def test_are_deleted_but_for_clients(self, team):
        cards(team)
        with tenant_scope(team.tenant.pk):
            create_company(card={"company_name": "Client"}, details={}, at=timezone.now())
        order(signed_in(team.mona.user), "delete_cards")
        job = run(team)
        assert (job.changed, sum(job.refused.values())) == (7, 1)
        assert where(team) == {"Client"}

    def test_that_are_so_already_are_told_of(self, alice, team):
        contacted = category(team, "contacted")
        cards(team, 5)
        card(team, owner=team.alice, company_name="There", category_name="contacted")
        order(alice, "move", category=contacted.pk)
        job = run(team)
        assert (job.changed, list(job.refused.values())) == (5, [1])

    def test_shared_for_looking_only_stay(self, alice, team):
        cards(team, 6)
        looked_at = card(team, owner=team.bob, company_name="Bob's")
        with tenant_scope(team.tenant.pk):
            share_prospect(
                prospect_id=looked_at.pk, user_id=team.alice.id, level="view", by=team.bob.user
            )
        contacted = category(team, "contacted")
        order(alice, "move", category=contacted.pk)
        job = run(team)
        assert (job.total, job.changed, list(job.refused.values())) == (7, 6, [1])
        assert "Bob's" not in where(team, category=contacted)

    def test_are_exported(self, alice, team):
        cards(team, 2)
        page = ask(alice, "export")
        answer = alice.post(LIST, {**hidden_of(page), "format": "csv"})
        assert b"Card 1" in b"".join(answer.streaming_content)

    def test_that_are_ticked_are_exported_alone(self, alice, team):
        first, second, third = cards(team, 3)
        ticked = {ACTION_CHECKBOX_NAME: [first.pk, third.pk], "select_across": "0"}
        page = alice.post(LIST, {"action": "export", **ticked})
        answer = alice.post(LIST, {**hidden_of(page), "format": "csv"})
        text = b"".join(answer.streaming_content).decode()
        assert "Card 0" in text
        assert "Card 2" in text
        assert "Card 1" not in text
        assert second.pk

    def test_leave_their_user_in_the_history(self, alice, team):
        cards(team, 5)
        order(alice, "move", category=category(team, "contacted").pk)
        with acting(door="task:bulk_jobs.run"):
            run(team)
        with tenant_scope(team.tenant.pk):
            events = apps.get_model("prospects", "ProspectEvent").objects.all()
            contexts = [event.pgh_context for event in events]
        assert {"user": team.alice.id, "door": "task:bulk_jobs.run"} in contexts


class TestAsking:
    def test_twice_makes_one_job(self, alice, team):
        cards(team)
        page = ask(alice, "move")
        sent = {**hidden_of(page), "category": category(team, "contacted").pk}
        for _ in range(2):
            alice.post(LIST, sent)
        assert len(jobs()) == 1

    def test_for_many_that_were_ticked_by_hand_is_refused(self, alice, team):
        """They would be others than all rows of the list."""
        ids = [each.pk for each in cards(team)]
        sent = {ACTION_CHECKBOX_NAME: ids, "select_across": "0", "apply": "1"}
        answer = ask(alice, "move", category=category(team, "contacted").pk, **sent)
        assert answer.status_code == 302
        assert not jobs()
        assert where(team, category=category(team, "contacted")) == set()

    def test_is_not_for_viewers(self, team):
        cards(team)
        victor = signed_in(team.victor.user)
        contacted = category(team, "contacted")
        for action in ("move", "hand_over", "tag", "delete_cards", "export"):
            ask(victor, action, apply="1", category=contacted.pk, format="csv")
        assert not jobs()
        assert where(team, category=contacted) == set()

    def test_of_another_tenants_choice_is_refused(self, alice, team, rivals):
        cards(team)
        page = ask(alice, "move")
        foreign = category(rivals, "contacted").pk
        answer = alice.post(LIST, {**hidden_of(page), "category": foreign})
        assert "category" in form_of(answer).errors
        assert not jobs()

    def test_needs_the_right_in_the_service_too(self, team):
        for kind, who in (("cards-move", team.victor), ("cards-delete", team.alice)):
            with pytest.raises(NotAllowed):
                start(who, kind)

    def test_of_a_choice_that_is_none_says_so(self, alice, team):
        cards(team)
        answer = order(alice, "move", category="x")
        assert "category" in form_of(answer).errors


class TestJob:
    def test_goes_on_after_its_worker_died_and_does_nothing_twice(self, team):
        cards(team)
        done, deaths = [], []

        def do(ids, given, user, at):
            done.extend(ids)
            if len(done) == 6 and not deaths:
                deaths.append(done.pop())
                del done[3:]
                raise Killed  # before the commit
            return Outcome(changed=len(ids))

        add_kind(Kind(name="test-dying", label="Dying", permission=CHANGE_PROSPECT, do=do))
        job = start(team.alice, "test-dying")
        with pytest.raises(Killed):
            run(team, job)
        job.refresh_from_db()
        assert (job.status, job.done, job.changed) == ("running", 3, 3)
        job = run(team, job)
        assert (job.status, job.done, job.changed) == ("done", 7, 7)
        assert len(done) == len(set(done)) == 7
        assert run(team, job).changed == 7

    def test_stops_after_the_chunk_when_its_user_says_so(self, team):
        cards(team)
        contacted = category(team, "contacted")
        job = start(team.alice, category_id=contacted.pk)
        with tenant_scope(team.tenant.pk):
            begin(job.pk, at=timezone.now())
            advance(job.pk, at=timezone.now())
            cancel_job(job_id=job.pk, by=team.alice.user, at=timezone.now())
        job = run(team, job)
        assert (job.status, job.changed) == ("cancelled", 3)
        assert len(where(team, category=contacted)) == 3

    @pytest.mark.parametrize("lost", [{"is_active": False}, {"role": "viewer"}])
    def test_stops_when_its_user_may_not_any_more_and_says_why(self, team, lost):
        cards(team)
        job = start(team.alice, category_id=category(team, "contacted").pk)
        with tenant_scope(team.tenant.pk):
            begin(job.pk, at=timezone.now())
            advance(job.pk, at=timezone.now())
            User.objects.filter(pk=team.alice.id).update(**lost)
        job = run(team, job)
        assert (job.status, job.changed, bool(job.message)) == ("failed", 3, True)

    def test_leaves_cards_that_went_to_somebody_else_meanwhile(self, team):
        made = cards(team)
        contacted = category(team, "contacted")
        job = start(team.alice, category_id=contacted.pk)
        with tenant_scope(team.tenant.pk):
            begin(job.pk, at=timezone.now())
            Prospect.objects.filter(pk=made[5].pk).update(owner_id=team.bob.id)
        job = run(team, job)
        assert (job.changed, list(job.refused.values())) == (6, [1])
        assert "Card 5" not in where(team, category=contacted)

    def test_is_about_the_rows_that_there_were_when_it_began(self, team):
        cards(team)
        contacted = category(team, "contacted")
        job = start(team.alice, category_id=contacted.pk)
        with tenant_scope(team.tenant.pk):
            begin(job.pk, at=timezone.now())
        card(team, owner=team.alice, company_name="Later")
        assert run(team, job).total == 7
        assert "Later" not in where(team, category=contacted)

    def test_says_that_its_choice_is_gone(self, team):
        cards(team)
        with tenant_scope(team.tenant.pk):
            gone = FollowUpCategory.objects.create(name="gone", label="Gone", position=99)
        job = start(team.alice, category_id=gone.pk)
        with tenant_scope(team.tenant.pk):
            gone.delete()
        job = run(team, job)
        assert (job.status, job.changed, bool(job.message)) == ("failed", 0, True)

    def test_of_nothing_is_done_at_once(self, team):
        job = start(team.alice, category_id=category(team, "contacted").pk)
        assert (run(team, job).status, job.total) == ("done", 0)

    def test_that_breaks_again_and_again_is_given_up(self, team):
        cards(team)
        job = start(team.alice, category_id=category(team, "contacted").pk)
        with tenant_scope(team.tenant.pk):
            BulkJob.objects.update(starts=20)
        assert run(team, job).status == "failed"

    def test_is_shown_with_what_was_refused(self, alice, team):
        contacted = category(team, "contacted")
        card(team, owner=team.alice, category_name="contacted")
        job = start(team.alice, category_id=contacted.pk)
        run(team, job)
        page = alice.get(reverse("admin:accounts_bulkjob_change", args=[job.pk]))
        assert "Ya estaba así" in page.content.decode()
        assert messages_of(page) == ""
