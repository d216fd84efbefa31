"""A card is deleted: it is gone at every door, until it is restored in the back office."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from clients.models import Company
from core.tenancy import tenant_scope
from prospects.counts.services import find_wrong_counts
from prospects.models import Contact, FollowUpNote, Location, Prospect
from prospects.pipeline.deleting import restore_prospect
from prospects.pipeline.services import DuplicateProspect
from tests.days import today
from tests.prospects.cards_of import card

PLACE = {"name": "Depot", "type": "office", "link": "https://x.example"}
PERSON = {"name": "Eve Two", "email": "eve@acme.mx", "phone_code": "52", "phone": "5559876543"}


@pytest.fixture
def made(team):
    """A card of Alice's with a second person, a planned note, a place and a share with Bob."""
    made = card(team, owner=team.alice, name="Ann One", email="ann@acme.mx", company_name="Acme")
    here = f"/prospects/{made.pk}"
    team.alice.post(f"{here}/contacts", PERSON)
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    team.alice.post(f"{here}/notes", {"note": "Call", "scheduled_date": tomorrow})
    team.alice.post(f"{here}/locations", PLACE)
    team.alice.post(f"{here}/shares", {"user_id": team.bob.id, "permission": "change"})
    return made


def delete(person, made):
    return person.delete(f"/prospects/{made.pk}")


def people(team, made):
    """Who is on the card, whatever became of it."""
    with tenant_scope(team.tenant.pk):
        rows = Contact.all_objects.filter(prospect_id=made.pk).order_by("pk")
        return {row.name: row.deleted_at is None for row in rows}


def restore(team, made):
    with tenant_scope(team.tenant.pk):
        return restore_prospect(prospect_id=made.pk)


def month():
    return {"startDate": str(today()), "endDate": str(today() + timedelta(days=3))}


class TestDeleting:
    def test_is_for_who_may_delete(self, team, rivals, made):
        for person, status in (
            (team.alice, 403),
            (team.bob, 403),
            (team.victor, 403),
            (rivals.ada, 404),
            (team.mona, 200),
            (team.mona, 404),
        ):
            answer = delete(person, made)
            assert answer.status_code == status
            assert ("message" if status == 200 else "statusCode") in answer.json()

    def test_hides_the_card_at_every_door(self, team, made):
        here = f"/prospects/{made.pk}"
        with tenant_scope(team.tenant.pk):
            place = Location.objects.get().pk
            note = FollowUpNote.objects.get().pk
            person = Contact.objects.get(is_primary=False).pk
        assert delete(team.mona, made).status_code == 200
        for caller in (team.mona, team.alice, team.bob):
            refused = {
                "read": caller.get(here),
                "change": caller.patch(here, {"name": "x"}),
                "data": caller.patch(f"{here}/data", {"channel": "x"}),
                "note": caller.post(f"{here}/notes", {"note": "x"}),
                "replan": caller.patch(
                    f"{here}/notes/{note}", {"scheduled_date": None, "origin": "prospect"}
                ),
                "add person": caller.post(f"{here}/contacts", {**PERSON, "email": "n@x.mx"}),
                "change person": caller.put(f"/prospects/{person}/contacts", {"name": "x"}),
                "add place": caller.post(f"{here}/locations", PLACE),
                "change place": caller.put(f"/prospects/locations/{place}", {"name": "x"}),
                "shares": caller.get(f"{here}/shares"),
                "share": caller.post(
                    f"{here}/shares", {"user_id": team.bob.id, "permission": "view"}
                ),
            }
            assert {door: answer.status_code for door, answer in refused.items()} == dict.fromkeys(
                refused, 404
            )

    def test_hides_it_in_every_list(self, team, made):
        delete(team.mona, made)
        for caller in (team.mona, team.alice, team.bob):
            assert caller.get("/prospects/list").json()["recordsTotal"] == 0
            assert caller.get("/prospects/list", {"search": "eve"}).json()["data"] == []
            columns = caller.get("/prospects/grouped", {"counters": "true"}).json()["categories"]
            assert sum(column["count"] for column in columns) == 0
            assert sum(entry["count"] for entry in caller.get("/prospects/kpis").json()) == 0
            assert caller.get("/prospects/activities", month()).json() == []
            assert caller.get("/api/v1/contacts").json()["data"] == []

    def test_keeps_the_counts_right(self, team, made):
        card(team, owner=team.alice)
        for step, cards in ((delete, 1), (lambda _, gone: restore(team, gone), 2)):
            step(team.mona, made)
            assert team.mona.get("/prospects/list").json()["recordsTotal"] == cards
            with tenant_scope(team.tenant.pk):
                assert list(find_wrong_counts()) == []

    def test_frees_its_email(self, team, made):
        delete(team.mona, made)
        answer = team.mona.post("/prospects", [{"email": "ann@acme.mx"}])
        assert len(answer.json()["inserts"]) == 1

    def test_of_a_client_is_409(self, team, made):
        with tenant_scope(team.tenant.pk):
            Company.objects.create(prospect=made)
        answer = delete(team.mona, made)
        assert (answer.status_code, answer.json()["error"]) == (409, "Conflict")
        assert team.mona.get(f"/prospects/{made.pk}").status_code == 200

    @pytest.mark.parametrize("pk", ["0", "999999999999999999", "9" * 40])
    def test_is_404_for_ids_that_nobody_has(self, team, pk):
        assert team.mona.delete(f"/prospects/{pk}").status_code == 404

    def test_is_kept_in_the_history_with_who_did_it(self, team, made):
        delete(team.mona, made)
        with tenant_scope(team.tenant.pk):
            gone = Prospect.all_objects.get(pk=made.pk)
            last = gone.tenant_events.order_by("-pgh_id").first()
        assert (last.deleted_at, last.pgh_context["user"]) == (None, team.mona.id)


class TestRestoring:
    def test_brings_back_the_card_and_all_that_hung_on_it(self, team, made):
        before = team.alice.get(f"/prospects/{made.pk}").json()
        delete(team.mona, made)
        assert not any(people(team, made).values())
        restore(team, made)
        after = team.alice.get(f"/prospects/{made.pk}").json()
        before["prospect"]["updated_at"] = after["prospect"]["updated_at"]
        assert after == before
        assert all(people(team, made).values())
        assert team.bob.get("/prospects/list", {"search": "eve"}).json()["recordsTotal"] == 1
        assert len(team.alice.get("/prospects/activities", month()).json()) == 1

    def test_leaves_out_who_was_deleted_before(self, team, made):
        with tenant_scope(team.tenant.pk):
            eve = Contact.objects.get(is_primary=False).pk
        team.mona.delete(f"/prospects/{eve}/contacts")
        delete(team.mona, made)
        restore(team, made)
        assert people(team, made) == {"Ann One": True, "Eve Two": False}

    def test_can_be_repeated(self, team, made):
        for _ in range(2):
            assert delete(team.mona, made).status_code == 200
            restore(team, made)
        assert all(people(team, made).values())

    def test_writes_nothing_when_it_is_refused(self, team, made):
        delete(team.mona, made)
        card(team, email="ann@acme.mx")
        with pytest.raises(DuplicateProspect):
            restore(team, made)
        assert not any(people(team, made).values())


class TestCost:
    def test_does_not_grow_with_what_hangs_on_it(self, team, made, django_assert_max_num_queries):
        with django_assert_max_num_queries(9):
            delete(team.mona, made)
