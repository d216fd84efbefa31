from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from clients.models import Company
from core.errors import NotFound
from core.tenancy import tenant_scope
from prospects.card_contacts.services import add_contact
from prospects.followups.scheduling import add_contact_note
from prospects.followups.services import add_note
from prospects.models import FollowUpNote, Prospect
from prospects.sharing.services import share_prospect
from tests.people import Person
from tests.prospects.cards_of import card

DAY = timedelta(days=1)


def write(team, made, **fields):
    with tenant_scope(team.tenant.pk):
        fields = {"at": timezone.now(), **fields}
        return add_note(prospect_id=made.pk, note="x", by=team.alice.user, **fields)


def next_contact(made):
    with tenant_scope(made.tenant_id):
        return Prospect.objects.get(pk=made.pk).next_contact_at


def stored(note):
    with tenant_scope(note.tenant_id):
        return FollowUpNote.objects.get(pk=note.pk)


def path(made, note) -> str:
    return f"/prospects/{made.pk}/notes/{note.pk}"


@pytest.fixture
def acme(team):
    return card(team, owner=team.alice)


@pytest.fixture
def planned(team, acme):
    return write(team, acme, scheduled_at=timezone.now() + 3 * DAY)


class TestRescheduling:
    def test_answers_the_note_and_moves_the_cards_next_contact(self, team, acme, planned):
        write(team, acme, scheduled_at=timezone.now() + 9 * DAY)
        sent = {"scheduled_date": "2130-03-25T14:00:00Z", "origin": "prospect"}
        answer = team.alice.patch(path(acme, planned), sent)
        assert answer.status_code == 200, answer.content
        notes = team.alice.get(f"/prospects/{acme.pk}").json()["notes"]
        assert answer.json() in notes
        assert answer.json()["scheduled_date"] == "2130-03-25T14:00:00Z"
        assert next_contact(acme) == min(stored(planned).scheduled_at, next_contact(acme))
        assert next_contact(acme) < timezone.now() + 10 * DAY

    def test_with_null_removes_the_date(self, team, acme, planned):
        sent = {"scheduled_date": None, "origin": "prospect"}
        answer = team.alice.patch(path(acme, planned), sent)
        assert (answer.status_code, answer.json()["scheduled_date"]) == (200, None)
        assert next_contact(acme) is None

    def test_settles_and_opens_again(self, team, acme, planned):
        done = team.alice.patch(path(acme, planned), {"done": True, "origin": "prospect"})
        assert done.status_code == 200, done.content
        assert done.json()["done_at"]
        assert next_contact(acme) is None
        opened = team.alice.patch(path(acme, planned), {"done": False, "origin": "prospect"})
        assert opened.json()["done_at"] is None
        assert next_contact(acme) == planned.scheduled_at
        sent = {"done_at": "2026-01-02T10:00:00Z", "origin": "prospect"}
        assert team.alice.patch(path(acme, planned), sent).json()["done_at"] == sent["done_at"]

    def test_of_a_settled_follow_up_plans_it_again(self, team, acme, planned):
        team.alice.patch(path(acme, planned), {"done": True, "origin": "prospect"})
        sent = {"scheduled_date": "2130-03-25T14:00:00Z", "origin": "prospect"}
        assert team.alice.patch(path(acme, planned), sent).json()["done_at"] is None
        both = {**sent, "scheduled_date": "2131-03-25T14:00:00Z", "done": True}
        assert team.alice.patch(path(acme, planned), both).json()["done_at"]

    def test_knows_the_card_by_its_company_when_told_so(self, team, acme, planned):
        with tenant_scope(team.tenant.pk):
            company = Company.objects.create(prospect=acme, pk=acme.pk + 1000)
        sent = {"scheduled_date": None, "origin": "company"}
        answer = team.alice.patch(f"/prospects/{company.pk}/notes/{planned.pk}", sent)
        assert (answer.status_code, answer.json()["origin"]) == (200, "company")
        assert team.alice.patch(path(acme, planned), sent).status_code == 404
        sent["origin"] = "prospect"
        by_company = f"/prospects/{company.pk}/notes/{planned.pk}"
        assert team.alice.patch(by_company, sent).status_code == 404

    @pytest.mark.parametrize(
        ("sent", "field"),
        [
            ({"scheduled_date": "soon", "origin": "prospect"}, "scheduled_date"),
            ({"scheduled_date": 7, "origin": "prospect"}, "scheduled_date"),
            ({"origin": "prospect"}, "scheduled_date"),
            ({"scheduled_date": None}, "origin"),
            ({"scheduled_date": None, "origin": "deal"}, "origin"),
            ({"scheduled_date": None, "origin": None}, "origin"),
            ({"done": "perhaps", "origin": "prospect"}, "done"),
            ({"done_at": "x", "origin": "prospect"}, "done_at"),
            ({"done_at": "2199-01-01T00:00:00Z", "origin": "prospect"}, "done_at"),
            ({"done": True, "done_at": None, "origin": "prospect"}, "done"),
        ],
    )
    def test_is_400_with_the_field_and_writes_nothing_for_bad_values(
        self, team, acme, planned, sent, field
    ):
        answer = team.alice.patch(path(acme, planned), sent)
        assert answer.status_code == 400, answer.content
        assert list(answer.json()["validation"]) == [field]
        assert stored(planned).scheduled_at == planned.scheduled_at

    def test_is_404_for_a_note_of_another_card_and_for_cards_out_of_sight(
        self, team, rivals, acme, planned
    ):
        other = card(team, owner=team.alice)
        foreign = card(rivals)
        with tenant_scope(rivals.tenant.pk):
            theirs = add_note(prospect_id=foreign.pk, note="x", by=None, at=timezone.now())
        sent = {"scheduled_date": None, "origin": "prospect"}
        for person, tried, note in (
            (team.alice, other, planned),
            (team.alice, acme, theirs),
            (team.alice, foreign, theirs),
            (team.bob, acme, planned),
            (rivals.ada, acme, planned),
        ):
            assert person.patch(path(tried, note), sent).status_code == 404
        assert stored(planned).scheduled_at == planned.scheduled_at

    def test_is_403_for_whom_the_card_is_shared_with_for_looking(self, team, acme, planned):
        with tenant_scope(team.tenant.pk):
            share_prospect(
                prospect_id=acme.pk, user_id=team.bob.id, level="view", by=team.alice.user
            )
        sent = {"scheduled_date": None, "origin": "prospect"}
        assert team.bob.patch(path(acme, planned), sent).status_code == 403
        assert stored(planned).scheduled_at == planned.scheduled_at


class TestANoteAboutAPerson:
    def add(self, team, contact, **fields):
        with tenant_scope(team.tenant.pk):
            fields = {"by": team.alice.user, "at": timezone.now(), **fields}
            return add_contact_note(contact_id=contact.pk, note="Met her", **fields)

    def person(self, team, made=None):
        with tenant_scope(team.tenant.pk):
            return add_contact(
                prospect_id=made.pk if made else None,
                values={"first_name": "Jane"},
                by=team.alice.user,
                at=timezone.now(),
            )

    def test_stands_on_the_timeline_of_their_card_and_counts_as_contact(self, team, acme):
        note = self.add(team, self.person(team, acme), is_pinned=True)
        (shown,) = team.alice.get(f"/prospects/{acme.pk}").json()["notes"]
        assert (shown["id"], shown["note"]) == (note.pk, "Met her")
        acme.refresh_from_db()
        assert acme.last_contact_at == stored(note).created_at
        assert stored(note).is_pinned

    def test_of_no_card_is_theirs_alone(self, team):
        note = stored(self.add(team, self.person(team), is_pinned=True))
        assert (note.prospect_id, note.is_pinned, note.created_by_id) == (None, True, team.alice.id)

    def test_is_refused_for_a_person_out_of_sight(self, team, acme):
        person = self.person(team, acme)
        for seen_by in (team.bob.user,):
            with pytest.raises(NotFound):
                self.add(team, person, seen_by=seen_by)


class TestTheTimeline:
    def test_goes_back_a_hundred_notes_at_a_time(self, team, acme):
        at = timezone.now()
        with tenant_scope(team.tenant.pk):
            FollowUpNote.objects.bulk_create(
                FollowUpNote(prospect=acme, note=str(n), created_at=at - timedelta(minutes=n // 3))
                for n in range(250)
            )
        url, seen, before = f"/prospects/{acme.pk}", [], {}
        for size in (100, 100, 50, 0):
            body = team.alice.get(url, before).json()
            assert (len(body["notes"]), body["notes_total"]) == (size, 250)
            seen += [note["id"] for note in body["notes"]]
            before = {"notes_before": seen[-1]}
        assert len(set(seen)) == 250

    @pytest.mark.parametrize("value", ["x", "0", "-1", "9" * 30, "1"])
    def test_is_400_for_what_is_no_note_of_the_card(self, team, acme, value):
        answer = team.alice.get(f"/prospects/{acme.pk}", {"notes_before": value})
        assert answer.status_code == 400
        assert list(answer.json()["validation"]) == ["notes_before"]

    def test_tells_nothing_of_other_cards_notes(self, team, acme, planned):
        other = card(team, owner=team.alice)
        answer = team.alice.get(f"/prospects/{other.pk}", {"notes_before": planned.pk})
        assert answer.status_code == 400


@pytest.mark.django_db(transaction=True)
class TestTwentyAtOnce:
    def test_leave_the_earliest_date_on_the_card(self, team):
        made = card(team, owner=team.alice)
        notes = [write(team, made, scheduled_at=timezone.now() + DAY) for _ in range(20)]

        def one(number: int) -> int:
            try:
                sent = {"scheduled_date": f"2130-03-{number + 1:02}T09:00:00Z"}
                person, url = Person(team.alice.user), path(made, notes[number])
                return person.patch(url, {**sent, "origin": "prospect"}).status_code
            finally:
                connection.close()

        with ThreadPoolExecutor(5) as pool:
            assert set(pool.map(one, range(20))) == {200}
        assert next_contact(made).isoformat() == "2130-03-01T09:00:00+00:00"
