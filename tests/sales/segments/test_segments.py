"""`/api/v1/segments`"""

from __future__ import annotations

from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.tenancy import tenant_scope
from prospects.models import Prospect
from prospects.pipeline.deleting import delete_prospect
from sales.models import Segment, SegmentMember
from sales.segments.membership import members
from tests.prospects.cards_of import card
from tests.races import at_once
from tests.sales.contacts.contacts_of import CONTACTS, contact, ids
from tests.sales.segments.segments_of import SEGMENTS, names, people, segment, where

GUADALAJARA = where("city", "=", "Guadalajara")
FIVE = 5


def of(made, *, tail=""):
    return f"{SEGMENTS}/{made['id']}{tail}"


class TestCreating:
    def test_answers_what_the_contract_shows(self, team):
        people(team.alice, Ana={"city": "Guadalajara"}, Luis={"city": "León"})
        made = segment(
            team,
            name="Leads de Guadalajara",
            conditions=[where("lifecycle_stage", "=", "lead"), GUADALAJARA],
        )
        assert (made["name"], made["type"], made["member_count"]) == (
            "Leads de Guadalajara",
            "dynamic",
            1,
        )
        assert made["conditions"] == [where("lifecycle_stage", "=", "lead"), GUADALAJARA]
        assert (made["created_by_id"], made["created_by_name"]) == (team.mona.id, "Mona Manager")

    def test_without_conditions_finds_everybody(self, team):
        people(team.alice, Ana={}, Luis={})
        assert segment(team)["member_count"] == 2

    def test_of_a_static_one_takes_who_is_in_it(self, team):
        known = people(team.alice, Ana={}, Luis={})
        made = segment(team, type="static", contact_ids=[known["Ana"], known["Ana"]])
        assert (made["member_count"], made["conditions"]) == (1, [])
        assert names(team.mona.get(of(made, tail="/contacts"))) == ["Ana"]

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "name"),
            ({"name": "x"}, "type"),
            ({"name": "", "type": "static"}, "name"),
            ({"name": "a\0b", "type": "static"}, "name"),
            ({"name": "x" * 256, "type": "static"}, "name"),
            ({"name": "x", "type": "both"}, "type"),
            ({"name": "x", "type": "static", "conditions": [GUADALAJARA]}, "conditions"),
            ({"name": "x", "type": "dynamic", "contact_ids": [1]}, "contact_ids"),
            ({"name": "x", "type": "static", "contact_ids": "1"}, "contact_ids"),
            ({"name": "x", "type": "static", "contact_ids": ["a"]}, "contact_ids.0"),
            ({"name": "x", "type": "static", "contact_ids": [0]}, "contact_ids.0"),
            ({"name": "x", "type": "static", "contact_ids": [2**63]}, "contact_ids.0"),
            ({"name": "x", "type": "static", "contact_ids": [10**18]}, "contact_ids"),
        ],
    )
    def test_names_what_is_wrong(self, team, body, field):
        answer = team.mona.post(SEGMENTS, body)
        assert answer.status_code == 422
        assert field in answer.json()["errors"]
        with tenant_scope(team.tenant.pk):
            assert not Segment.objects.exists()

    def test_refuses_people_of_others(self, team, rivals):
        theirs = contact(rivals.alice)["id"]
        answer = team.mona.post(SEGMENTS, {"name": "x", "type": "static", "contact_ids": [theirs]})
        assert answer.status_code == 422
        assert str(theirs) in answer.json()["errors"]["contact_ids"][0]

    def test_sent_twice_with_one_key_makes_one(self, team):
        body = {"name": "x", "type": "static"}
        first, again = (
            team.mona.post(SEGMENTS, body, HTTP_IDEMPOTENCY_KEY="once") for _ in range(2)
        )
        assert first.json() == again.json()
        with tenant_scope(team.tenant.pk):
            assert Segment.objects.count() == 1


class TestChanging:
    def test_changes_only_what_is_sent(self, team):
        made = segment(team, conditions=[GUADALAJARA])
        changed = team.mona.put(of(made), {"name": "Leads de GDL 2025"}).json()["data"]
        assert (changed["name"], changed["conditions"]) == ("Leads de GDL 2025", [GUADALAJARA])

    def test_replaces_who_is_in_a_static_one(self, team):
        known = people(team.alice, Ana={}, Luis={}, Eva={})
        made = segment(team, type="static", contact_ids=[known["Ana"], known["Luis"]])
        team.mona.put(of(made), {"contact_ids": [known["Luis"], known["Eva"]]})
        assert names(team.mona.get(of(made, tail="/contacts"))) == ["Eva", "Luis"]

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ({"type": "static"}, 422),
            ({"name": None}, 422),
            ({"conditions": None}, 422),
            ({"contact_ids": []}, 409),
        ],
    )
    def test_of_a_dynamic_one_refuses(self, team, body, status):
        made = segment(team, conditions=[GUADALAJARA])
        assert team.mona.put(of(made), body).status_code == status
        assert team.mona.get(of(made)).json()["data"] == made

    def test_refuses_who_has_seen_another_version(self, team):
        made = segment(team)
        version = team.mona.get(of(made))["ETag"]
        team.mona.put(of(made), {"name": "Another"})
        answer = team.mona.put(of(made), {"name": "Mine"}, HTTP_IF_MATCH=version)
        assert answer.status_code == 412

    def test_refuses_who_has_seen_other_people_in_it(self, team):
        known = people(team.mona, Ana={}, Eva={})
        made = segment(team, type="static", contact_ids=[])
        for change in (team.mona.post, team.mona.delete):
            version = team.mona.get(of(made))["ETag"]
            assert (
                change(f"{of(made)}/contacts", {"contact_ids": [known["Ana"]]}).status_code == 200
            )
            body = {"contact_ids": [known["Eva"]]}
            assert team.mona.put(of(made), body, HTTP_IF_MATCH=version).status_code == 412
        version = team.mona.get(of(made))["ETag"]
        team.mona.delete(f"{of(made)}/contacts", {"contact_ids": [known["Ana"]]})  # not in it
        assert team.mona.get(of(made))["ETag"] == version


class TestDeleting:
    def test_leaves_the_people(self, team):
        known = people(team.alice, Ana={})
        made = segment(team, type="static", contact_ids=[known["Ana"]])
        assert team.mona.delete(of(made)).json() == {"message": "Deleted successfully."}
        assert team.mona.get(of(made)).status_code == 404
        assert ids(team.alice.get(CONTACTS)) == [known["Ana"]]


class TestMembers:
    def test_are_put_in_and_taken_out(self, team):
        known = people(team.alice, Ana={}, Luis={})
        made = segment(team, type="static")
        both = {"contact_ids": list(known.values())}
        for count, method in ((2, "post"), (2, "post"), (0, "delete"), (0, "delete")):
            answer = getattr(team.mona, method)(of(made, tail="/contacts"), both)
            assert answer.status_code == 200, answer.content
            assert answer.json()["data"]["member_count"] == count

    def test_of_a_dynamic_one_are_not_put_in_by_hand(self, team):
        known = people(team.alice, Ana={})
        made = segment(team)
        body = {"contact_ids": [known["Ana"]]}
        for send in (team.mona.post, team.mona.delete):
            answer = send(of(made, tail="/contacts"), body)
            assert answer.status_code == 409
            assert "dynamic" in answer.json()["message"]

    @pytest.mark.parametrize(
        "body", [{}, {"contact_ids": None}, {"contact_ids": [True, {}]}, [], "x", None]
    )
    def test_are_named_by_ids(self, team, body):
        made = segment(team, type="static")
        assert team.mona.post(of(made, tail="/contacts"), body).status_code == 422

    def test_that_do_not_exist_put_nobody_in(self, team, rivals):
        known = people(team.alice, Ana={})
        theirs = contact(rivals.alice)["id"]
        made = segment(team, type="static")
        body = {"contact_ids": [known["Ana"], theirs]}
        assert team.mona.post(of(made, tail="/contacts"), body).status_code == 422
        with tenant_scope(team.tenant.pk):
            assert not SegmentMember.objects.exists()

    def test_have_the_shape_of_contacts(self, team):
        people(team.alice, Ana={"city": "Guadalajara", "custom_fields": {"plan": "oro"}})
        made = segment(team, conditions=[GUADALAJARA])
        page = team.mona.get(of(made, tail="/contacts")).json()
        assert page == team.mona.get(CONTACTS).json() | {
            "links": page["links"],
            "meta": page["meta"],
        }
        assert page["meta"]["total"] == 1

    def test_are_searched_and_sorted_as_contacts_are(self, team):
        people(team.alice, Ana={"city": "Guadalajara"}, Luis={"city": "Guadalajara"}, Ada={})
        made = segment(team, conditions=[GUADALAJARA])
        found = team.mona.get(of(made, tail="/contacts"), {"search": "ana"})
        assert names(found) == ["Ana"]
        found = team.mona.get(of(made, tail="/contacts"), {"sort": "-first_name"})
        assert names(found) == ["Luis", "Ana"]

    def test_are_those_whom_the_caller_sees(self, team):
        people(team.alice, Ana={"city": "Guadalajara"})
        people(team.bob, Luis={"city": "Guadalajara"})
        with_condition = segment(team, conditions=[GUADALAJARA])
        everybody = [row["id"] for row in team.mona.get(CONTACTS).json()["data"]]
        by_hand = segment(team, type="static", contact_ids=everybody)
        for made in (with_condition, by_hand):
            assert names(team.alice.get(of(made, tail="/contacts"))) == ["Ana"]
            assert team.alice.get(of(made)).json()["data"]["member_count"] == 1
            assert team.victor.get(of(made)).json()["data"]["member_count"] == 2
            with tenant_scope(team.tenant.pk):
                assert members(Segment.objects.get(pk=made["id"])).count() == 2

    def test_whom_a_manager_does_not_see_stay_when_others_are_replaced(self, team):
        known = people(team.alice, Ana={})
        mine = people(team.bob, Luis={})
        made = segment(team, type="static", contact_ids=[known["Ana"], mine["Luis"]])
        team.mona.put(of(made), {"contact_ids": []})
        assert team.mona.get(of(made)).json()["data"]["member_count"] == 0

    def test_are_gone_with_their_card(self, team):
        made_card = card(team, owner=team.alice, name="Ana López")
        dynamic = segment(team, conditions=[where("full_name", "=", "ana lopez")])
        with tenant_scope(team.tenant.pk):
            person = made_card.contacts.get()
        by_hand = segment(team, type="static", contact_ids=[person.pk])
        with tenant_scope(team.tenant.pk):
            delete_prospect(prospect_id=made_card.pk, at=timezone.now())
            for made in (dynamic, by_hand):
                assert not members(Segment.objects.get(pk=made["id"])).exists()

    def test_left_on_a_deleted_card_are_nobody(self, team):
        made_card = card(team, owner=team.alice, name="Ana López")
        dynamic = segment(team)
        with tenant_scope(team.tenant.pk):
            person = made_card.contacts.get()
        by_hand = segment(team, type="static", contact_ids=[person.pk])
        with tenant_scope(team.tenant.pk):
            Prospect.objects.filter(pk=made_card.pk).update(deleted_at=timezone.now())
            for made in (dynamic, by_hand):
                assert not members(Segment.objects.get(pk=made["id"])).exists()
        for made in (dynamic, by_hand):
            assert team.mona.get(of(made)).json()["data"]["member_count"] == 0
            assert names(team.mona.get(of(made, tail="/contacts"))) == []


class TestListing:
    def test_is_narrowed_by_type_name_and_change(self, team):
        old = segment(team, name="León")
        segment(team, name="Feria", type="static")
        get = team.mona.get
        assert ids(get(SEGMENTS, {"type": "dynamic"})) == [old["id"]]
        assert ids(get(SEGMENTS, {"search": "LEON"})) == [old["id"]]
        assert len(ids(get(SEGMENTS, {"updated_since": old["updated_at"]}))) == 2
        assert ids(get(SEGMENTS, {"updated_since": "2100-01-01"})) == []
        assert ids(get(SEGMENTS, {"sort": "-name"}))[0] == old["id"]
        for query in ({"type": "x"}, {"sort": "x"}, {"updated_since": "x"}):
            assert get(SEGMENTS, query).status_code == 422

    def test_counts_all_of_a_page_in_one_statement(self, team):
        known = people(team.alice, Ana={"city": "Guadalajara"}, Luis={})
        segment(team, conditions=[GUADALAJARA])
        segment(team, type="static", contact_ids=list(known.values()))
        statements = []
        for _ in range(2):
            with CaptureQueriesContext(
                connection,
            ) as captured:
                page = team.alice.get(SEGMENTS).json()["data"]
            statements.append(len(captured))
            segment(team, conditions=[where("lead_score", ">=", 0)])
        assert statements[0] == statements[1] <= FIVE
        assert [row["member_count"] for row in page] == [2, 2, 1]

    def test_does_not_count_what_is_not_asked_for(self, team):
        segment(team, conditions=[GUADALAJARA])
        with CaptureQueriesContext(connection) as captured:
            assert team.mona.get(SEGMENTS, {"fields": "id,name"}).status_code == 200
        assert not [each for each in captured if "core_folded" in (each["sql"] or "")]


@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    def test_nobody_is_put_in_twice(self, team):
        known = people(team.alice, Ana={}, Luis={})
        made = segment(team, type="static")
        body = {"contact_ids": list(known.values())}
        put_in = partial(team.mona.post, of(made, tail="/contacts"), body)
        assert [answer.status_code for answer in at_once(put_in, put_in, put_in)] == [200] * 3
        with tenant_scope(team.tenant.pk):
            assert SegmentMember.objects.count() == 2

    def test_a_segment_goes_while_people_are_put_in(self, team):
        known = people(team.alice, Ana={})
        made = segment(team, type="static")
        body = {"contact_ids": list(known.values())}
        put_in, gone = at_once(
            partial(team.mona.post, of(made, tail="/contacts"), body),
            partial(team.ada.delete, of(made)),
        )
        assert gone.status_code == 200
        assert put_in.status_code in (200, 404)
        with tenant_scope(team.tenant.pk):
            assert not SegmentMember.objects.exists()
