"""Who has the present answer is told so in a 304; who has another one is never."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Notification, Tenant, User
from accounts.notifications.services import Notice, notify_users
from clients.models import Company
from core.models import Tally
from core.tallies import fold_tallies, tallies_of
from core.tenancy import tenant_scope
from prospects.models import AcquisitionCampaign, FollowUpCategory, Locale, Prospect
from prospects.models import TeamAssignment as Assignment
from prospects.sharing.services import share_prospect, unshare_prospect
from sales.models import Pipeline, Stage
from tests.prospects.cards_of import card
from tests.races import at_once
from tests.sales.deals.deals_of import BOARD, DEALS, deal, pipeline

GROUPED, LIST, KPIS = "/prospects/grouped?counters=true", "/prospects/list", "/prospects/kpis"
CATALOGS, PIPELINES = "/prospects/catalogs", "/api/v1/pipelines"
NOTICES = "/api/v1/notifications"
LISTS = [GROUPED, LIST, KPIS, CATALOGS, PIPELINES, DEALS, BOARD, NOTICES]


def ask(person, path, known):
    return person.client.get(path, HTTP_IF_NONE_MATCH=known)


def told(team, person, key="one"):
    notice = Notice(person.id, "test", key, "You have mail", "", "/")
    with tenant_scope(team.tenant.pk):
        notify_users([notice])


@pytest.fixture
def acme(team):
    """A card of Alice's with a person, a deal about them, and a word to her."""
    acme = card(team, owner=team.alice, name="Ana", email="ana@acme.test")
    with tenant_scope(team.tenant.pk):
        person = acme.contacts.get().pk
        AcquisitionCampaign.objects.create(name="Feria")
    deal(team, team.alice, contact_ids=[person])
    told(team, team.alice)
    return acme


@pytest.mark.usefixtures("acme")
class TestWhoHasTheAnswer:
    @pytest.mark.parametrize("path", LISTS)
    def test_is_sent_nothing_but_its_name(self, team, path):
        first = team.alice.get(path)
        answer = ask(team.alice, path, first["ETag"])
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer["ETag"] == first["ETag"]
        for each in (first, answer):
            assert each["Cache-Control"] == "private, no-cache"
            assert "Authorization" in each["Vary"]
        assert "Content-Type" not in answer

    @pytest.mark.parametrize("path", LISTS)
    def test_costs_one_statement(self, team, path, django_assert_num_queries):
        etag = team.alice.get(path)["ETag"]
        with django_assert_num_queries(1):
            assert ask(team.alice, path, etag).status_code == 304

    def test_may_name_several_weak_ones_strong_ones_or_any(self, team):
        etag = team.alice.get(LIST)["ETag"]
        strong = etag.removeprefix("W/")
        for known in (f'"other", {etag}', f'W/"a,b" ,{strong},"c"', strong, "*", " * "):
            assert ask(team.alice, LIST, known).status_code == 304, known

    @pytest.mark.parametrize("known", ["", '""', "nonsense", '"other"', 'W/"1.99999999999"'])
    def test_does_not_if_it_is_another(self, team, known):
        answer = ask(team.alice, LIST, known)
        assert (answer.status_code, answer.json()["recordsTotal"]) == (200, 1)

    def test_may_ask_for_the_head_alone(self, team):
        etag = team.alice.client.head(GROUPED)["ETag"]
        assert etag == team.alice.get(GROUPED)["ETag"]
        assert team.alice.client.head(GROUPED, HTTP_IF_NONE_MATCH=etag).status_code == 304

    def test_is_told_of_errors_all_the_same(self, team):
        etag = team.alice.get(LIST)["ETag"]
        for known in ("*", etag):
            assert ask(team.alice, f"{LIST}?sortBy=nonsense", known).status_code == 400
            assert ask(team.alice, "/prospects/999999999", known).status_code == 404
            assert team.alice.client.post(LIST, HTTP_IF_NONE_MATCH=known).status_code == 405
        team.alice.client.credentials()
        assert ask(team.alice, LIST, "*").status_code == 401


@pytest.mark.usefixtures("acme")
class TestSomebodyElse:
    @pytest.mark.parametrize("path", LISTS)
    def test_never_has_it_by_the_same_name(self, team, rivals, path):
        names = [person.get(path)["ETag"] for person in team.everybody.values()]
        names += [person.get(path)["ETag"] for person in rivals.everybody.values()]
        assert len(set(names)) == len(names)
        for person, mine in zip(team.everybody.values(), names, strict=False):
            others = ", ".join(set(names) - {mine})
            answer = ask(person, path, others)
            assert (answer.status_code, answer["ETag"]) == (200, mine)

    def test_is_no_other_question_either(self, team):
        etag = team.alice.get(LIST)["ETag"]
        for path in (f"{LIST}?length=1", f"{LIST}?search=x", GROUPED, KPIS):
            assert ask(team.alice, path, etag).status_code == 200


def _rename(model, **values):
    return lambda team, acme: _one(model, **values).update(name="Otro nombre")


def _one(model, **values):
    rows = model.objects.filter(**values)
    return rows.filter(pk=rows.first().pk)


def _of_card(**values):
    return lambda team, acme: Prospect.objects.filter(pk=acme.pk).update(**values)


def _assign(team, acme):
    Assignment.objects.create(prospect=acme, user=team.bob.user, role="kae")


def _settle(team, acme):
    Tenant.objects.filter(pk=team.tenant.pk).update(time_zone="Asia/Tokyo")


def _promote(team, acme):
    User.objects.filter(pk=team.alice.id).update(role="manager")


def _grant(team, acme):
    team.alice.user.user_permissions.add(Permission.objects.get(codename="all-prospects"))


def _rate(team, acme):
    given = {"name": "México", "phone_code": "52", "currency": "MXN", "rate": 2}
    Locale.objects.update_or_create(country_code="MX", defaults=given)


def _delete_stage(team, acme):
    Stage.objects.filter(pipeline=pipeline(team)).latest("pk").delete()


def _raw(team, acme):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sales_deal SET amount = 7 WHERE tenant_id = %s", [team.tenant.pk])


CARDS = [
    ("a value", _of_card(account_value=7)),
    ("in another column", lambda t, a: _of_card(category=FollowUpCategory.objects.last())(t, a)),
    ("gone", _of_card(deleted_at=timezone.now())),
    ("somebody else's", lambda t, a: _of_card(owner=t.bob.user)(t, a)),
    ("one more", lambda t, a: card(t, owner=t.alice)),
    ("a company", lambda t, a: Company.objects.create(prospect=a)),
    ("a team", _assign),
    ("a colleague's new name", lambda t, a: User.objects.filter(pk=t.alice.id).update(name="A")),
    ("a category's", _rename(FollowUpCategory)),
    ("a campaign's", _rename(AcquisitionCampaign)),
    ("a country's rate", _rate),
    ("other days", _settle),
    ("another role", _promote),
    ("one right more", _grant),
]
DEAL = [
    ("a deal", lambda t, a: deal(t, t.alice, name="More")),
    ("by hand", _raw),
    ("a stage's name", _rename(Stage, name="Propuesta")),
    ("a stage less", _delete_stage),
    ("a person who is gone", lambda t, a: a.contacts.update(deleted_at=timezone.now())),
    ("a card of somebody else", lambda t, a: _of_card(owner=t.bob.user)(t, a)),
]
CHANGES = [
    *((path, *each) for path in (GROUPED, LIST, KPIS) for each in CARDS),
    *((path, *each) for path in (DEALS, BOARD) for each in DEAL),
    (CATALOGS, "an entry's name", _rename(AcquisitionCampaign)),
    (CATALOGS, "a category's", _rename(FollowUpCategory)),
    (CATALOGS, "an entry more", lambda t, a: AcquisitionCampaign.objects.create(name="New")),
    (CATALOGS, "an entry less", lambda t, a: _one(AcquisitionCampaign).delete()),
    (CATALOGS, "a rate", _rate),
    (PIPELINES, "one's name", lambda t, a: Pipeline.objects.update(name="B")),
    (PIPELINES, "a stage's", _rename(Stage, name="Propuesta")),
    (PIPELINES, "a stage less", _delete_stage),
    (NOTICES, "a word more", lambda t, a: told(t, t.alice, "two")),
    (NOTICES, "one read", lambda t, a: Notification.objects.update(read_at=timezone.now())),
    (NOTICES, "none at all", lambda t, a: Notification.objects.all().delete()),
]


class TestAChange:
    @pytest.mark.parametrize(
        ("path", "change"),
        [pytest.param(path, change, id=f"{path}-{what}") for path, what, change in CHANGES],
    )
    def test_makes_another_answer(self, team, acme, path, change):
        etag = team.alice.get(path)["ETag"]
        assert ask(team.alice, path, etag).status_code == 304
        with tenant_scope(team.tenant.pk):
            change(team, acme)
        answer = ask(team.alice, path, etag)
        assert answer.status_code == 200
        assert answer["ETag"] != etag
        assert answer.content == team.alice.get(path).content

    @pytest.mark.parametrize("path", [GROUPED, LIST, KPIS, DEALS, BOARD])
    def test_of_a_share_gives_and_takes(self, team, acme, path):
        known, bob = team.bob.get(path), team.bob
        asked = {"prospect_id": acme.pk, "user_id": bob.id, "by": team.alice.user}
        with tenant_scope(team.tenant.pk):
            share_prospect(**asked, level="view")
        given = ask(bob, path, known["ETag"])
        assert (given.status_code, given.content != known.content) == (200, True)
        with tenant_scope(team.tenant.pk):
            unshare_prospect(**asked)
        taken = ask(bob, path, given["ETag"])
        assert (taken.status_code, taken.content) == (200, known.content)

    @pytest.mark.parametrize("path", LISTS)
    def test_among_others_is_none(self, team, rivals, acme, path):
        etag = team.alice.get(path)["ETag"]
        other = card(rivals, owner=rivals.alice, name="Eva")
        deal(rivals, rivals.alice)
        told(rivals, rivals.alice)
        told(team, team.bob)
        with tenant_scope(rivals.tenant.pk):
            _one(FollowUpCategory).update(name=str(other.pk))
        assert ask(team.alice, path, etag).status_code == 304

    def test_of_one_card_does_not_change_the_deals_of_who_sees_all(self, team, acme):
        etag = team.mona.get(BOARD)["ETag"]
        card(team)
        assert ask(team.mona, BOARD, etag).status_code == 304


class TestDaysThatPass:
    def test_are_another_answer_where_they_are_counted(self, team):
        noon = datetime(2026, 3, 10, 12, tzinfo=UTC)
        card(team, owner=team.alice, at=noon)
        with time_machine.travel(noon + timedelta(hours=23), tick=False) as clock:
            team.alice.sign_in_with(type(team.alice)(team.alice.user).token)
            known = team.alice.get(LIST)
            assert known.json()["data"][0]["days_uc"] == 0
            clock.shift(timedelta(minutes=59))
            assert ask(team.alice, LIST, known["ETag"]).status_code == 304
            clock.shift(timedelta(minutes=2))
            later = ask(team.alice, LIST, known["ETag"])
            assert (later.status_code, later.json()["data"][0]["days_uc"]) == (200, 1)


ROWS = {
    "contacts": {"first_name": "Ana"},
    "companies": {"name": "Ana"},
}


class TestOneRow:
    @pytest.mark.parametrize("kind", ROWS)
    def test_that_one_has_is_not_sent_again(self, team, kind):
        made = team.alice.post(f"/api/v1/{kind}", ROWS[kind])
        path = f"/api/v1/{kind}/{made.json()['data']['id']}"
        known = team.alice.get(path)
        assert known["ETag"] == made["ETag"]
        answer = ask(team.alice, path, known["ETag"])
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer["Cache-Control"] == known["Cache-Control"] == "private, no-cache"
        assert ask(team.alice, path, "*").status_code == 304

    def test_is_another_with_what_it_shows_of_others(self, team, acme):
        path = f"/prospects/{acme.pk}"
        known = team.alice.get(path)
        assert ask(team.alice, path, known["ETag"]).status_code == 304
        with tenant_scope(team.tenant.pk):
            User.objects.filter(pk=team.alice.id).update(name="Alicia")
        answer = ask(team.alice, path, known["ETag"])
        assert answer.status_code == 200
        assert answer["ETag"] != known["ETag"]
        sent = {"monthly_shipments": 5}
        kept = team.alice.client.patch(
            f"{path}/data", sent, format="json", HTTP_IF_MATCH=known["ETag"]
        )
        assert kept.status_code == 200, "the card itself is as it was"

    def test_of_a_deal_does_not_become_another_with_every_second(self, team):
        with time_machine.travel(timezone.now(), tick=False) as clock:
            path = f"{DEALS}/{deal(team, team.alice)['id']}"
            known = team.alice.get(path)
            clock.shift(5)
            assert ask(team.alice, path, known["ETag"]).status_code == 304
            later = team.alice.get(path)
            assert (later.content != known.content, later["ETag"] == known["ETag"]) == (True, True)

    def test_of_a_deal_is_another_with_its_owners_name(self, team, acme):
        made = deal(team, team.alice)
        path = f"{DEALS}/{made['id']}"
        known = team.alice.get(path)["ETag"]
        with tenant_scope(team.tenant.pk):
            User.objects.filter(pk=team.alice.id).update(name="Alicia")
        assert ask(team.alice, path, known).json()["data"]["owner_name"] == "Alicia"


TABLES = re.compile(r'(?:FROM|JOIN|UPDATE|INTO)\s+"?([a-z]+_[a-z_]+)"?', re.IGNORECASE)
# What an answer reads beside the tables that are tallied, and why it is right all the same.
KNOWN_ANYHOW = {
    "prospects_cardcount": "Kept by triggers on cards.",
    "core_tally": "The tallies themselves.",
}


class TestEveryTableThatIsRead:
    @pytest.mark.parametrize("path", LISTS)
    def test_is_one_whose_changes_are_watched(self, team, acme, path):
        view = team.alice.get(path).renderer_context["view"]
        read = set()

        def look(execute, sql, *args):
            if "FROM accounts_session" not in sql:  # who asks: the name of the state holds it
                read.update(TABLES.findall(sql))
            return execute(sql, *args)

        with connection.execute_wrapper(look):
            for person in (team.alice, team.mona):
                person.get(path)
        assert read - KNOWN_ANYHOW.keys() <= self._tallied(view.subjects())

    def _tallied(self, subjects):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT tgrelid::regclass::text, prosrc FROM pg_trigger"
                " JOIN pg_proc ON pg_proc.oid = tgfoid WHERE tgname LIKE 'pgtrigger_tally%%'"
            )
            found = cursor.fetchall()
        return {table for table, code in found if any(f"'{word}'" in code for word in subjects)}


class TestTallies:
    def test_fold_into_the_same_sum(self, team, acme):
        with tenant_scope(team.tenant.pk):
            for number in range(3):
                Prospect.objects.filter(pk=acme.pk).update(account_value=number)
            before, rows = tallies_of("cards", "deals", "names"), Tally.objects.count()
            fold_tallies()
            assert tallies_of("cards", "deals", "names") == before
            assert Tally.objects.filter(subject="cards").count() == 1 < rows

    def test_count_nothing_where_nothing_is_written(self, team, acme):
        with tenant_scope(team.tenant.pk):
            before = tallies_of("cards")
            Prospect.objects.filter(pk=0).update(account_value=1)
            assert tallies_of("cards") == before


@pytest.mark.django_db(transaction=True)
class TestManyAtOnce:
    def test_who_commits_late_is_not_missed(self, team):
        """A card is changed, another one later and committed first: both are another answer."""
        first, second = card(team), card(team)
        with tenant_scope(team.tenant.pk), transaction.atomic():
            Prospect.objects.filter(pk=first.pk).update(account_value=1)
            (between,) = at_once(partial(self._change, team, second.pk))
            assert between.status_code == 200
        answer = ask(team.mona, LIST, between["ETag"])
        assert answer.status_code == 200
        assert {row["account_value"] for row in answer.json()["data"]} == {1, 2}

    def _change(self, team, pk):
        with tenant_scope(team.tenant.pk):
            Prospect.objects.filter(pk=pk).update(account_value=2)
        return team.mona.get(LIST)

    def test_writers_and_folds_lose_nothing(self, team):
        cards = [card(team).pk for _ in range(4)]

        def write(pk):
            with tenant_scope(team.tenant.pk):
                for number in range(5):
                    Prospect.objects.filter(pk=pk).update(account_value=number)
                    fold_tallies()

        with tenant_scope(team.tenant.pk):
            (before,) = tallies_of("cards")
        at_once(*[partial(write, pk) for pk in cards])
        with tenant_scope(team.tenant.pk):
            (after,) = tallies_of("cards")
        assert after >= before + 20
