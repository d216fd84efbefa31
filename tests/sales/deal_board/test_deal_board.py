"""The board of deals in the back office."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.tenancy import tenant_scope
from prospects.models import Contact
from prospects.sharing.services import share_prospect
from sales.models import Deal
from tests.boards import Board
from tests.days import today
from tests.prospects.cards_of import card
from tests.races import at_once
from tests.sales.activities.activities_of import DEAL, about, activity
from tests.sales.deals.deals_of import BOARD, another_pipeline, column, deal, stage, stored
from tests.staff import messages_of

NAME = "sales_board"
HERE, THERE, WON, LOST = "Propuesta", "Negociacion", "Ganado", "Perdido"
NASTY = "<script>alert(1)</script>"


def board(person, **query):
    return Board(NAME, person, **query)


def day(offset=0):
    return (today() + timedelta(days=offset)).isoformat()


def person_of(team, made):
    with tenant_scope(team.tenant.pk):
        return Contact.objects.get(prospect=made, is_primary=True).pk


def due(days):
    return (timezone.now() + timedelta(days=days)).isoformat()


@pytest.fixture
def erp(team):
    return deal(team, team.alice, name="ERP", amount=1200, currency="MXN")


@pytest.fixture
def shared(team):
    """A deal that Bob sees by a card that was shown to him."""
    made = card(team, owner=team.alice, company_name="Acme", name="Ana")
    found = deal(team, team.alice, name="Shown", contact_ids=[person_of(team, made)])
    with tenant_scope(team.tenant.pk):
        share = {"user_id": team.bob.id, "level": "view", "by": team.ada.user}
        share_prospect(prospect_id=made.pk, **share)
    return found


class TestBoard:
    def test_shows_what_a_seller_needs(self, team):
        acme = card(team, owner=team.alice, company_name="Acme", name="Ana")
        made = deal(
            team,
            team.alice,
            amount="99.50",
            currency="USD",
            expected_close_date=day(-1),
            contact_ids=[person_of(team, acme)],
        )
        activity(team.alice, subject="Call Ana", **about(DEAL, made["id"]), due_at=due(-1))
        (shown,) = board(team.alice).columns()[HERE].cards
        assert (shown.title, shown.details, shown.value) == ("ERP", ["Acme", "Ana"], "99.50 USD")
        assert shown.owner == team.alice.user.name
        assert [each.is_late for each in shown.marks] == [True, True]
        assert "Call Ana" in shown.marks[0].text
        assert board(team.alice).browser.get(shown.page).status_code == 200

    @pytest.mark.parametrize("who", ["manager", "sales", "viewer"])
    def test_has_the_numbers_and_the_order_of_the_api(self, team, erp, who):
        deal(team, team.alice, name="CRM", amount=7, currency="USD")
        deal(team, team.bob, name="His", amount=5, stage_name=WON)
        person = team.everybody[who]
        columns = board(person).columns()
        for known in person.get(BOARD).json()["data"]["stages"]:
            shown = columns[known["name"]]
            assert (shown.pk, shown.count) == (known["id"], known["count"])
            assert [each.pk for each in shown.cards] == [each["id"] for each in known["deals"]]
            totals = [f"{each['amount']:,.0f} {each['currency']}" for each in known["totals"]]
            assert list(shown.sums) == totals

    def test_shows_who_a_deal_is_about_only_to_who_sees_them(self, team):
        acme = card(team, owner=team.bob, company_name="Acme", name="Ana")
        made = deal(team, team.bob, contact_ids=[person_of(team, acme)])
        team.mona.put(f"/api/v1/deals/{made['id']}", {"owner_id": team.alice.id})
        (shown,) = board(team.alice).columns()[HERE].cards
        assert shown.details == ()
        (shown,) = board(team.mona).columns()[HERE].cards
        assert shown.details == ["Acme", "Ana"]

    def test_hides_deals_of_colleagues_and_other_tenants(self, team, rivals, erp):
        assert board(team.bob).titles() == {}
        assert board(rivals.ada).titles() == {}

    def test_shows_html_as_text(self, team):
        made = deal(team, team.alice, name=NASTY, stage_name=LOST, lost_reason=NASTY)
        mine = board(team.alice)
        assert NASTY not in mine.page().content.decode()
        assert NASTY not in mine.sync(stamp="").json()["cards"][str(made["id"])]

    @pytest.mark.parametrize("who", ["manager", "sales", "viewer"])
    def test_takes_as_many_statements_for_many(self, team, who, django_assert_max_num_queries):
        for number in range(25):
            made = deal(team, team.alice, name=f"Deal {number}")
            activity(team.alice, **about(DEAL, made["id"]), due_at=due(number - 5))
        for query in ({}, {"owner": "me", "step": "overdue", "q": "deal"}):
            mine = board(team.everybody[who], **query)
            with django_assert_max_num_queries(12):
                mine.page()
            with django_assert_max_num_queries(12):
                mine.sync(stamp="", cards={made["id"]: ""})


class TestFilters:
    @pytest.mark.parametrize("who", ["manager", "sales"])
    @pytest.mark.parametrize(
        ("query", "titles"),
        [
            ({}, {"Call", "Late", "Month", "Plain", "Won"}),
            ({"owner": "me"}, None),
            ({"step": "overdue"}, {"Call"}),
            ({"step": "none"}, {"Late", "Month", "Plain"}),
            ({"closing": "late"}, {"Late"}),
            ({"closing": "none"}, {"Call", "Plain"}),
            ({"q": "PLÁIN"}, {"Plain"}),
            ({"q": "!!"}, {"Call", "Late", "Month", "Plain", "Won"}),
            ({"q": "plain", "closing": "late"}, set()),
        ],
    )
    def test_narrow_the_board_and_the_lists_behind_its_counts(self, team, who, query, titles):
        deal(team, team.alice, name="Plain")
        deal(team, team.alice, name="Late", expected_close_date=day(-40))
        deal(team, team.alice, name="Month", expected_close_date=day())
        deal(team, team.alice, name="Won", stage_name=WON)
        called = deal(team, team.alice, name="Call")
        activity(team.alice, **about(DEAL, called["id"]), due_at=due(-1))
        mine = board(team.everybody[who], **query)
        columns = mine.columns().values()
        if titles is None:
            titles = {"Call", "Late", "Month", "Plain", "Won"} if who == "sales" else set()
        assert {each.title for column in columns for each in column.cards} == titles
        for each in columns:
            listed = mine.listed(each)
            assert listed.result_count == each.count, each.rows
            assert {row.pk for row in listed.result_list} == {shown.pk for shown in each.cards}

    def test_choose_a_pipeline(self, team, erp):
        other = another_pipeline(team)
        mine = board(team.mona, pipeline=other["id"])
        assert [each.pk for each in mine.columns().values()] == [
            each["id"] for each in other["stages"]
        ]
        assert mine.titles() == {}

    def test_of_another_tenant_are_none(self, team, rivals, erp):
        other = another_pipeline(rivals)
        page = board(team.mona, pipeline=other["id"]).page()
        assert "no existe esa opción" in messages_of(page)

    @pytest.mark.parametrize("name", ["pipeline", "owner", "step", "closing"])
    def test_that_are_none_are_named(self, team, erp, name):
        page = board(team.alice, **{name: "x"}).page()
        assert "no existe esa opción" in messages_of(page)
        assert page.context["columns"][2].count == 1


class TestMove:
    def test_moves_a_deal_to_a_stage(self, team, erp):
        there = stage(team, THERE)
        answer = board(team.alice).move(erp["id"], there.pk, known=erp["stage_id"])
        assert (answer.status_code, answer.json()) == (200, {"moved": True})
        assert stored(team, erp["id"]).probability == there.default_probability

    def test_puts_it_right_below_the_one_named(self, team):
        made = {name: deal(team, team.alice, name=name)["id"] for name in "DCBA"}
        deal(team, team.bob, name="X")
        where, mine = stage(team).pk, board(team.alice)
        mine.move(made["D"], where, known=where, below=made["A"])
        assert "".join(column(team.alice, where)) == "ADBC"
        mine.move(made["A"], where, known=where, below=made["C"])
        assert "".join(column(team.alice, where)) == "DBCA"
        mine.move(made["C"], where, known=where)
        assert "".join(column(team.mona, where)) == "CXDBA"

    def test_puts_it_on_top_when_the_one_named_left_or_is_unseen(self, team, erp):
        gone = deal(team, team.alice, name="Gone", stage_name=THERE)
        his = deal(team, team.bob, name="His", stage_name=THERE)
        first = deal(team, team.alice, name="First", stage_name=THERE)
        board(team.alice).move(gone["id"], stage(team, "Contactado").pk)
        mine, there = board(team.alice), stage(team, THERE).pk
        for below in (gone["id"], his["id"], 2**62):
            mine.move(erp["id"], there, below=below)
            assert column(team.alice, there) == ["ERP", "First"]
            mine.move(first["id"], there, below=erp["id"])

    def test_of_a_deal_that_a_colleague_moved_is_refused(self, team, erp):
        board(team.mona).move(erp["id"], stage(team, "Contactado").pk)
        answer = board(team.alice).move(erp["id"], stage(team, THERE).pk, known=erp["stage_id"])
        assert (answer.status_code, answer.json()["code"]) == (409, "elsewhere")
        assert answer.json()["reason"] == "mientras tanto Mona Manager la movió a Contactado."
        assert stored(team, erp["id"]).stage_id == stage(team, "Contactado").pk

    def test_of_a_deal_that_was_deleted_meanwhile_is_refused(self, team, erp):
        team.mona.delete(f"/api/v1/deals/{erp['id']}")
        answer = board(team.alice).move(erp["id"], stage(team, THERE).pk)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert "ya no está" in answer.json()["reason"]

    def test_loses_it_for_a_reason(self, team, erp):
        given = {"lost_reason": "Too dear"}
        answer = board(team.alice).move(erp["id"], stage(team, LOST).pk, given=given)
        assert answer.status_code == 200, answer.content
        known = stored(team, erp["id"])
        assert (known.status, known.lost_reason) == (Deal.Status.LOST, "Too dear")

    def test_wins_it_for_an_amount(self, team, erp):
        answer = board(team.alice).move(erp["id"], stage(team, WON).pk, given={"amount": "1500.5"})
        assert answer.status_code == 200, answer.content
        known = stored(team, erp["id"])
        assert (known.status, str(known.amount)) == (Deal.Status.WON, "1500.50")

    @pytest.mark.parametrize(
        ("given", "where", "words"),
        [
            ({"amount": "-1"}, WON, "Importe"),
            ({"amount": "much"}, WON, "Importe"),
            ({"lost_reason": "x" * 501}, LOST, "Motivo"),
            ({"lost_reason": "a\x00b"}, LOST, "Motivo"),
            ({"lost_reason": "Too dear"}, WON, "solo un negocio perdido"),
            ({"lost_reason": "Too dear"}, THERE, "solo un negocio perdido"),
        ],
    )
    def test_with_what_cannot_be_is_refused_in_words(self, team, erp, given, where, words):
        answer = board(team.alice).move(erp["id"], stage(team, where).pk, given=given)
        assert answer.status_code == 400, answer.content
        assert words in answer.json()["reason"]
        assert stored(team, erp["id"]).stage_id == erp["stage_id"]

    def test_of_a_won_deal_back_opens_it_again(self, team):
        made = deal(team, team.alice, stage_name=WON)
        assert board(team.alice).move(made["id"], stage(team).pk).status_code == 200
        assert stored(team, made["id"]).closed_at is None

    def test_to_a_stage_of_another_pipeline_or_tenant_is_refused(self, team, rivals, erp):
        for owner in (team, rivals):
            foreign = another_pipeline(owner)["stages"][0]["id"]
            answer = board(team.alice).move(erp["id"], foreign)
            assert answer.status_code == 400
            assert "esa etapa ya no existe" in answer.json()["reason"]
        assert stored(team, erp["id"]).stage_id == erp["stage_id"]

    def test_is_not_for_viewers(self, team, erp):
        mine, there = board(team.victor), stage(team, THERE).pk
        assert "data-movable" not in mine.page().content.decode()
        assert mine.move(erp["id"], there).status_code == 403
        plain = reverse(f"admin:{NAME}_move", args=(erp["id"],))
        assert mine.browser.post(plain, {"column": there}).status_code == 403
        assert stored(team, erp["id"]).stage_id == erp["stage_id"]

    def test_is_not_for_who_sees_its_card_to_look_at(self, team, shared):
        mine = board(team.bob)
        (shown,) = mine.columns()[HERE].cards
        assert not shown.is_movable
        answer = mine.move(shared["id"], stage(team, THERE).pk)
        assert answer.status_code == 403
        assert "solo puedes verla" in answer.json()["reason"]

    def test_of_what_one_does_not_see_finds_nothing(self, team, rivals, erp):
        for person, owner in ((team.bob, team), (rivals.ada, rivals)):
            assert board(person).move(erp["id"], stage(owner, THERE).pk).status_code == 404
            page = board(person).browser.get(reverse(f"admin:{NAME}_move", args=(erp["id"],)))
            assert page.status_code == 302

    def test_works_without_a_script(self, team, erp):
        mine, url = board(team.alice), reverse(f"admin:{NAME}_move", args=(erp["id"],))
        assert mine.browser.get(url).status_code == 200
        sent = {"column": stage(team, LOST).pk, "lost_reason": "Too dear", "amount": ""}
        assert mine.browser.post(url, sent)["Location"] == reverse(f"admin:{NAME}")
        known = stored(team, erp["id"])
        assert (known.lost_reason, known.amount) == ("Too dear", 1200)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_one_of_two_who_move_a_deal_apart_is_told(self, team):
        made = deal(team, team.alice)
        boards = [board(team.alice), board(team.mona)]
        places = [stage(team, name).pk for name in (THERE, "Contactado")]
        known = made["stage_id"]
        codes = at_once(
            *(
                lambda mine=mine, pk=pk: mine.move(made["id"], pk, known=known).status_code
                for mine, pk in zip(boards, places, strict=True)
            )
        )
        assert sorted(codes) == [200, 409]


class TestSync:
    def test_says_nothing_while_nothing_changed(self, team, erp):
        mine = board(team.alice)
        stamp = mine.page().context["stamp"]
        assert mine.sync(stamp=stamp).json() == {"stamp": stamp}

    def test_brings_what_a_colleague_moved_or_put_in_another_order(self, team, erp):
        other = deal(team, team.alice, name="CRM")
        mine = board(team.alice)
        stamp = mine.page().context["stamp"]
        board(team.mona).move(other["id"], erp["stage_id"], below=erp["id"])
        answer = mine.sync(stamp=stamp).json()
        cards = {each["id"]: each["cards"] for each in answer["columns"]}
        assert cards[erp["stage_id"]] == [erp["id"], other["id"]]

    def test_forgets_what_was_deleted(self, team, erp):
        deal(team, team.alice, name="Later")
        mine = board(team.alice)
        stamp = mine.page().context["stamp"]
        team.mona.delete(f"/api/v1/deals/{erp['id']}")
        answer = mine.sync(stamp=stamp, cards={erp["id"]: ""}).json()
        assert [each["count"] for each in answer["columns"]] == [0, 0, 1, 0, 0, 0]

    def test_keeps_what_the_page_shows_beyond_the_first(self, team, erp):
        for number in range(20):
            deal(team, team.alice, name=f"Above {number}")
        answer = board(team.alice).sync(stamp="", cards={erp["id"]: ""}).json()
        assert answer["columns"][2]["cards"][-1] == erp["id"]

    def test_shows_nothing_of_others(self, team, rivals, erp):
        for person in (team.bob, rivals.ada):
            answer = board(person).sync(stamp="", cards={erp["id"]: ""}).json()
            assert answer["cards"] == {}


class TestList:
    def test_leads_to_the_board_and_back(self, team, erp):
        mine = board(team.alice)
        url = reverse("admin:sales_deal_open_board")
        assert mine.browser.get(url)["Location"] == reverse(f"admin:{NAME}")
        assert reverse("admin:sales_deal_changelist") in mine.page().content.decode()
