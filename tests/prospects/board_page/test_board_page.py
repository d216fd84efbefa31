"""The board of prospects in the back office."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Tenant
from accounts.users.services import rename_user
from core.tenancy import tenant_scope
from prospects.followups.services import add_note
from prospects.models import Locale, Prospect
from prospects.pipeline.deleting import delete_prospect
from prospects.sharing.services import share_prospect
from tests.boards import Board
from tests.prospects.cards_of import card, category
from tests.races import at_once
from tests.staff import make_operator, messages_of

NAME = "prospects_board"
NEW, CONTACTED, WON = "Nuevo", "Contactado", "Cliente activo"
NASTY = "<script>alert(1)</script>"


def board(person, **query):
    return Board(NAME, person, **query)


def planned(team, owner, name, days):
    """A card whose next contact is so many days from now."""
    made = card(team, owner=owner, company_name=name)
    with tenant_scope(team.tenant.pk):
        at = timezone.now()
        told = {"note": "Call", "scheduled_at": at + timedelta(days=days), "at": at}
        add_note(prospect_id=made.pk, by=owner.user, **told)
    return made


def a_locale():
    """Colombia, of whose currency an amount is."""
    country = {"name": "Colombia", "phone_code": "57", "currency": "COP", "rate": 4000}
    return Locale.objects.get_or_create(country_code="CO", defaults=country)[0]


def where(team, pk):
    with tenant_scope(team.tenant.pk):
        return Prospect.all_objects.get(pk=pk).category.name


@pytest.fixture
def acme(team):
    return card(team, owner=team.alice, company_name="Acme", name="Ana", account_value=1200)


class TestBoard:
    def test_shows_what_a_seller_needs(self, team, acme):
        (shown,) = board(team.alice).columns()[NEW].cards
        assert (shown.title, shown.details, shown.value) == ("Acme", ["Ana"], "1,200 MXN")
        assert shown.owner == team.alice.user.name
        assert shown.marks[0].text == "Sin próximo paso"
        assert board(team.alice).browser.get(shown.page).status_code == 200

    def test_says_when_the_next_contact_is_overdue(self, team):
        planned(team, team.alice, "Late", -2)
        planned(team, team.alice, "Soon", 2)
        cards = board(team.alice).columns()[NEW].cards
        assert {each.title: each.marks[0].is_late for each in cards} == {
            "Late": True,
            "Soon": False,
        }

    @pytest.mark.parametrize("who", ["manager", "sales", "viewer"])
    def test_has_the_numbers_of_the_api(self, team, acme, who):
        colombia = a_locale()
        card(team, owner=team.alice, company_name="B", account_value=7, locale_id=colombia.pk)
        card(team, owner=team.bob, company_name="C", account_value=5, category_name="contacted")
        person = team.everybody[who]
        known = {each["category_id"]: each for each in person.get("/prospects/kpis").json()}
        grouped = person.get("/prospects/grouped").json()["categories"]
        columns = board(person).columns().values()
        assert [column.pk for column in columns] == [each["id"] for each in grouped]
        for column, group in zip(columns, grouped, strict=True):
            assert column.count == known[column.pk]["count"]
            ids = [record["id"] for record in group["records"]]
            assert [each.pk for each in column.cards] == ids

    def test_adds_up_each_currency_by_itself(self, team, acme):
        colombia = a_locale()
        card(team, owner=team.alice, company_name="B", account_value=7, locale_id=colombia.pk)
        assert list(board(team.mona).columns()[NEW].sums) == ["7 COP", "1,200 MXN"]

    def test_hides_cards_of_colleagues_and_other_tenants(self, team, rivals, acme):
        card(rivals, company_name="Theirs")
        card(team, owner=team.bob, company_name="His")
        assert board(team.alice).titles() == {NEW: ["Acme"]}
        assert board(rivals.ada).titles() == {NEW: ["Theirs"]}

    def test_shows_html_as_text(self, team):
        made = card(team, owner=team.alice, company_name=NASTY, name=NASTY)
        mine = board(team.alice)
        assert NASTY not in mine.page().content.decode()
        assert NASTY not in mine.sync(stamp="").json()["cards"][str(made.pk)]

    @pytest.mark.parametrize("language", ["es", "en"])
    def test_speaks_the_language_of_the_tenant(self, team, acme, language):
        Tenant.objects.filter(pk=team.tenant.pk).update(language=language)
        text = board(team.alice).page().content.decode()
        assert ("Mover a…" in text, "Move to…" in text) == (language == "es", language == "en")

    @pytest.mark.parametrize("who", ["manager", "sales", "viewer"])
    def test_takes_as_many_statements_for_many(self, team, who, django_assert_max_num_queries):
        for number in range(25):
            planned(team, team.alice, f"Card {number}", number - 5)
        mine = board(team.everybody[who])
        with django_assert_max_num_queries(12):
            shown = mine.columns()[NEW]
        assert (len(shown.cards), shown.count) == (20, 25)
        with django_assert_max_num_queries(12):
            mine.sync(stamp="", sizes={shown.pk: 40})

    def test_is_not_for_strangers(self, team):
        answer = Client().get(reverse(f"admin:{NAME}"))
        assert answer["Location"].startswith(reverse("admin:login"))

    def test_asks_an_operator_for_a_tenant(self, team, acme):
        browser = Client()
        browser.force_login(make_operator())
        answer = browser.get(reverse(f"admin:{NAME}"), follow=True)
        assert messages_of(answer)
        assert Board(NAME, browser).sync().status_code == 400
        browser.post(reverse("admin:choose_tenant"), {"tenant": team.tenant.pk})
        assert Board(NAME, browser).titles() == {NEW: ["Acme"]}


class TestFilters:
    @pytest.mark.parametrize("who", ["manager", "sales"])
    @pytest.mark.parametrize(
        ("query", "titles"),
        [
            ({}, {"Acme", "Client", "Late", "Soon"}),
            ({"owner": "me"}, None),
            ({"type": "2"}, {"Client"}),
            ({"type": "3"}, {"Partner"}),
            ({"step": "overdue"}, {"Late"}),
            ({"step": "today"}, set()),
            ({"step": "week"}, {"Soon"}),
            ({"step": "none"}, {"Acme", "Client"}),
            ({"created": "7"}, {"Acme", "Late", "Soon"}),
            ({"q": "ACMÉ"}, {"Acme"}),
            ({"q": "a", "step": "overdue"}, set()),
        ],
    )
    def test_narrow_the_board_and_the_lists_behind_its_counts(self, team, acme, who, query, titles):
        long_ago = timezone.now() - timedelta(days=40)
        card(team, owner=team.alice, company_name="Client", type=2, at=long_ago)
        card(team, owner=team.alice, company_name="Partner", type=3)
        planned(team, team.alice, "Late", -2)
        planned(team, team.alice, "Soon", 2)
        mine = board(team.everybody[who], **query)
        columns = mine.columns().values()
        if titles is None:
            titles = {"Acme", "Client", "Late", "Soon"} if who == "sales" else set()
        assert {each.title for column in columns for each in column.cards} == titles
        for column in columns:
            listed = mine.listed(column)
            assert listed.result_count == column.count, column.rows
            assert {row.pk for row in listed.result_list} == {each.pk for each in column.cards}

    def test_by_a_colleague_are_for_who_sees_everybodys(self, team, acme):
        card(team, owner=team.bob, company_name="His")
        mine = board(team.mona, owner=team.bob.id)
        assert mine.titles() == {NEW: ["His"]}
        assert mine.listed(mine.columns()[NEW]).result_count == 1
        assert "existe esa opción" in messages_of(board(team.alice, owner=team.bob.id).page())

    @pytest.mark.parametrize(
        "query",
        [{"owner": "x"}, {"type": "9"}, {"step": "soon"}, {"created": "-1"}, {"owner": "9" * 30}],
    )
    def test_that_are_none_are_named(self, team, acme, query):
        page = board(team.alice, **query).page()
        assert "no existe esa opción" in messages_of(page)

    def test_stay_in_the_address(self, team, acme):
        page = board(team.alice, step="none", q='"><b>').page().content.decode()
        assert '<option value="none" selected>' in page
        assert '"><b>' not in page

    def test_take_as_many_statements(self, team, acme, django_assert_max_num_queries):
        mine = board(team.mona, owner="me", step="overdue", q="acme")
        with django_assert_max_num_queries(12):
            mine.page()


class TestMove:
    def test_moves_a_card(self, team, acme):
        there = category(team, "contacted")
        answer = board(team.alice).move(acme.pk, there.pk, known=acme.category_id)
        assert (answer.status_code, answer.json()) == (200, {"moved": True})
        assert where(team, acme.pk) == "contacted"

    def test_twice_is_as_once(self, team, acme):
        there = category(team, "contacted")
        for _ in range(2):
            answer = board(team.alice).move(acme.pk, there.pk, known=acme.category_id)
            assert answer.status_code == 200

    def test_of_a_card_that_a_colleague_moved_is_refused(self, team, acme):
        first, second = category(team, "contacted"), category(team, "qualified")
        board(team.mona).move(acme.pk, first.pk, known=acme.category_id)
        answer = board(team.alice).move(acme.pk, second.pk, known=acme.category_id)
        assert (answer.status_code, answer.json()["code"]) == (409, "elsewhere")
        assert answer.json()["reason"] == "mientras tanto Mona Manager la movió a Contactado."
        assert where(team, acme.pk) == "contacted"

    def test_of_a_card_that_was_deleted_meanwhile_is_refused(self, team, acme):
        with tenant_scope(team.tenant.pk):
            delete_prospect(prospect_id=acme.pk, at=timezone.now())
        answer = board(team.alice).move(acme.pk, category(team, "contacted").pk)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert "ya no está" in answer.json()["reason"]

    def test_is_not_for_viewers(self, team, acme):
        mine = board(team.victor)
        assert "data-movable" not in mine.page().content.decode()
        assert mine.move(acme.pk, category(team, "contacted").pk).status_code == 403
        plain = reverse(f"admin:{NAME}_move", args=(acme.pk,))
        assert mine.browser.get(plain).status_code == 403
        assert mine.browser.post(plain, {"column": acme.category_id}).status_code == 403
        assert where(team, acme.pk) == "new_lead"

    def test_is_not_for_whom_it_was_shared_to_look_at(self, team, acme):
        with tenant_scope(team.tenant.pk):
            share = {"user_id": team.bob.id, "level": "view", "by": team.ada.user}
            share_prospect(prospect_id=acme.pk, **share)
        mine = board(team.bob)
        (shown,) = mine.columns()[NEW].cards
        assert not shown.is_movable
        answer = mine.move(acme.pk, category(team, "contacted").pk)
        assert (answer.status_code, where(team, acme.pk)) == (403, "new_lead")
        assert "solo puedes verla" in answer.json()["reason"]

    def test_of_what_one_does_not_see_finds_nothing(self, team, rivals, acme):
        for person in (team.bob, rivals.ada):
            there = category(rivals if person is rivals.ada else team, "contacted")
            assert board(person).move(acme.pk, there.pk).status_code == 404
            page = board(person).browser.get(reverse(f"admin:{NAME}_move", args=(acme.pk,)))
            assert page.status_code == 302

    def test_into_another_tenants_column_is_refused(self, team, rivals, acme):
        answer = board(team.alice).move(acme.pk, category(rivals, "contacted").pk)
        assert (answer.status_code, where(team, acme.pk)) == (400, "new_lead")

    @pytest.mark.parametrize(
        "sent",
        [
            {"column": "x"},
            {"column": None},
            {"column": True},
            {"column": -1},
            {"column": 2**70},
            {"column": 1, "known": "x"},
            {"column": 1, "given": []},
            {"column": 1, "given": {"a": 1}},
        ],
    )
    def test_that_cannot_be_read_is_refused(self, team, acme, sent):
        assert board(team.alice).move(acme.pk, **sent).status_code == 400

    def test_without_json_is_refused(self, team, acme):
        mine, json = board(team.alice), "application/json"
        url = reverse(f"admin:{NAME}_move", args=(acme.pk,))
        for body in ("[]", "{", "\x00"):
            assert mine.browser.post(url, body, content_type=json).status_code == 400

    def test_needs_the_token_of_the_page(self, team, acme):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(team.alice.user)
        answer = Board(NAME, browser).move(acme.pk, category(team, "contacted").pk)
        assert (answer.status_code, where(team, acme.pk)) == (403, "new_lead")

    def test_works_without_a_script(self, team, acme):
        mine, there = board(team.alice), category(team, "contacted")
        url = reverse(f"admin:{NAME}_move", args=(acme.pk,))
        assert mine.browser.get(url).status_code == 200
        assert mine.browser.post(url, {"column": "x"}).status_code == 200
        answer = mine.browser.post(url, {"column": there.pk})
        assert answer["Location"] == reverse(f"admin:{NAME}")
        assert where(team, acme.pk) == "contacted"

    def test_takes_few_statements(self, team, acme, django_assert_max_num_queries):
        mine, there = board(team.mona), category(team, "contacted")
        with django_assert_max_num_queries(11):
            mine.move(acme.pk, there.pk, known=acme.category_id)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_one_of_two_who_move_a_card_apart_is_told(self, team):
        made = card(team, owner=team.alice)
        places = [category(team, name).pk for name in ("contacted", "qualified")]
        boards = [board(team.alice), board(team.mona)]
        codes = at_once(
            *(
                lambda mine=mine, pk=pk: mine.move(made.pk, pk, known=made.category_id).status_code
                for mine, pk in zip(boards, places, strict=True)
            )
        )
        assert sorted(codes) == [200, 409]


class TestSync:
    def test_says_nothing_while_nothing_changed(self, team, acme):
        mine = board(team.alice)
        stamp = mine.page().context["stamp"]
        assert mine.sync(stamp=stamp).json() == {"stamp": stamp}

    def test_brings_what_was_shared_and_what_a_colleague_is_called_now(self, team, acme):
        mine = board(team.bob)
        stamp = mine.page().context["stamp"]
        asked = {"prospect_id": acme.pk, "user_id": team.bob.id, "by": team.alice.user}
        with tenant_scope(team.tenant.pk):
            share_prospect(**asked, level="view")
        answer = mine.sync(stamp=stamp).json()
        assert list(answer["cards"]) == [str(acme.pk)]
        with tenant_scope(team.tenant.pk):
            rename_user(user_id=team.alice.id, name="Alicia Renamed")
        (drawn,) = mine.sync(stamp=answer["stamp"]).json()["cards"].values()
        assert "Alicia Renamed" in drawn

    def test_brings_what_a_colleague_moved(self, team, acme):
        mine, there = board(team.alice), category(team, "contacted")
        page = mine.page()
        (shown,) = page.context["columns"][0].cards
        board(team.mona).move(acme.pk, there.pk)
        answer = mine.sync(stamp=page.context["stamp"], cards={acme.pk: shown.version}).json()
        cards = {each["id"]: each["cards"] for each in answer["columns"]}
        assert cards[there.pk] == [acme.pk]
        assert cards[acme.category_id] == []
        assert str(acme.pk) in answer["cards"]

    def test_leaves_out_the_text_of_what_is_as_it_was(self, team, acme):
        mine = board(team.alice)
        (shown,) = mine.columns()[NEW].cards
        answer = mine.sync(stamp="", cards={acme.pk: shown.version}).json()
        assert answer["cards"] == {}
        assert answer["columns"][0]["cards"] == [acme.pk]

    def test_forgets_what_was_deleted(self, team, acme):
        mine = board(team.alice)
        stamp = mine.page().context["stamp"]
        with tenant_scope(team.tenant.pk):
            delete_prospect(prospect_id=acme.pk, at=timezone.now())
        answer = mine.sync(stamp=stamp, cards={acme.pk: ""}).json()
        assert answer["columns"][0] | {"id": 0} == {"id": 0, "count": 0, "sums": [], "cards": []}

    def test_keeps_what_the_page_shows_beyond_the_first(self, team, acme):
        for number in range(20):
            card(team, owner=team.alice, company_name=f"Newer {number}")
        answer = board(team.alice).sync(stamp="", cards={acme.pk: ""}).json()
        assert answer["columns"][0]["count"] == 21
        assert answer["columns"][0]["cards"][-1] == acme.pk

    def test_shows_more_when_asked(self, team, acme):
        for number in range(24):
            card(team, owner=team.alice, company_name=f"Newer {number}")
        answer = board(team.alice).sync(stamp="", sizes={acme.category_id: 40}).json()
        assert len(answer["columns"][0]["cards"]) == 25

    def test_shows_nothing_of_others(self, team, rivals, acme):
        for person in (team.bob, rivals.ada):
            answer = board(person).sync(stamp="", cards={acme.pk: ""}).json()
            assert answer["cards"] == {}
            assert {each["count"] for each in answer["columns"]} == {0}

    def test_keeps_to_the_filters(self, team, acme):
        answer = board(team.alice, q="nobody").sync(stamp="", cards={acme.pk: ""}).json()
        assert {each["count"] for each in answer["columns"]} == {0}
        assert answer["cards"] == {}

    @pytest.mark.parametrize(
        "shown",
        [{"sizes": []}, {"sizes": {"x": 1}}, {"cards": {"1": ""} | {"y": 1}}, {"sizes": {"1": {}}}],
    )
    def test_that_cannot_be_read_is_refused(self, team, acme, shown):
        assert board(team.alice).sync(**shown).status_code == 400

    def test_asks_by_post_alone(self, team):
        mine = board(team.alice)
        assert mine.browser.get(reverse(f"admin:{NAME}_sync")).status_code == 405


class TestList:
    def test_leads_to_the_board_and_back(self, team, acme):
        mine = board(team.alice)
        listed = mine.browser.get(reverse("admin:prospects_prospect_changelist"))
        assert "to-board" in listed.content.decode()
        url = reverse("admin:prospects_prospect_open_board")
        assert mine.browser.get(url)["Location"] == reverse(f"admin:{NAME}")
        assert reverse("admin:prospects_prospect_changelist") in mine.page().content.decode()
