from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from core.tenancy import tenant_scope
from prospects.followups.services import add_note
from prospects.models import FollowUpNote, Prospect
from tests.prospects.cards_of import card, category

NOTE_KEYS = {
    "id",
    "action",
    "note",
    "comment",
    "scheduled_date",
    "done_at",
    "follow_up_id",
    "follow_name",
    "created_by",
    "created_by_name",
    "created_at",
    "origin",
}
AT = datetime(2026, 3, 10, 15, tzinfo=UTC)


def write(team, made, *, at=AT, **fields):
    with tenant_scope(team.tenant.pk):
        return add_note(prospect_id=made.pk, note="x", by=team.alice.user, at=at, **fields)


def stored(team, made) -> Prospect:
    with tenant_scope(team.tenant.pk):
        return Prospect.objects.get(pk=made.pk)


class TestPostingANote:
    def test_answers_the_note_and_moves_the_card(self, team):
        made, target = card(team, owner=team.alice), category(team, "qualified")
        sent = {
            "follow": target.pk,
            "action": "call",
            "note": " Discussed pricing. ",
            "scheduled_date": "2026-03-20T09:00:00Z",
        }
        answer = team.alice.post(f"/prospects/{made.pk}/notes", sent)
        assert answer.status_code == 200, answer.content
        body = answer.json()
        assert set(body) == NOTE_KEYS
        assert (body["note"], body["comment"]) == ("Discussed pricing.", "Discussed pricing.")
        assert (body["scheduled_date"], body["action"]) == ("2026-03-20T09:00:00Z", "call")
        assert (body["follow_up_id"], body["follow_name"]) == (target.pk, "qualified")
        assert (body["created_by"], body["created_by_name"]) == (team.alice.id, "Alice Sales")
        assert body["origin"] == "prospect"
        assert stored(team, made).category_id == target.pk
        (shown,) = team.alice.get(f"/prospects/{made.pk}").json()["notes"]
        assert shown == body

    def test_reads_a_naive_time_in_the_time_zone_of_the_tenant(self, team):
        made = card(team, owner=team.alice)
        sent = {"note": "x", "scheduled_date": "2026-03-20T09:00:00"}
        answer = team.alice.post(f"/prospects/{made.pk}/notes", sent)
        assert answer.json()["scheduled_date"] == "2026-03-20T15:00:00Z"

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("note", ""),
            ("note", None),
            ("note", "x" * 10_001),
            ("note", "a\x00b"),
            ("note", {}),
            ("action", "dance"),
            ("follow", "x"),
            ("follow", 10**30),
            ("scheduled_date", "tomorrow"),
            ("scheduled_date", "99999-01-01T00:00:00Z"),
            ("scheduled_date", 12345),
        ],
    )
    def test_is_400_with_the_field_and_writes_nothing_for_bad_values(self, team, field, value):
        made = card(team, owner=team.alice)
        answer = team.alice.post(f"/prospects/{made.pk}/notes", {"note": "x", field: value})
        assert answer.status_code == 400, answer.content
        assert list(answer.json()["validation"]) == [field]
        with tenant_scope(team.tenant.pk):
            assert not FollowUpNote.objects.exists()

    def test_knows_no_category_of_another_tenant(self, team, rivals):
        made = card(team, owner=team.alice)
        sent = {"note": "x", "follow": category(rivals, "contacted").pk}
        assert team.alice.post(f"/prospects/{made.pk}/notes", sent).status_code == 400


class TestWhatANoteDoesToItsCard:
    def test_dates_first_and_last_contact(self, team):
        made = card(team)
        write(team, made)
        write(team, made, at=AT + timedelta(days=3))
        card_now = stored(team, made)
        assert card_now.first_contact_at == AT
        assert card_now.last_contact_at == AT + timedelta(days=3)

    def test_plans_the_earliest_contact_that_is_scheduled(self, team):
        made = card(team)
        write(team, made, scheduled_at=AT + timedelta(days=9))
        write(team, made, scheduled_at=AT + timedelta(days=5))
        assert stored(team, made).next_contact_at == AT + timedelta(days=5)

    def test_keeps_a_missed_follow_up_until_a_later_note_settles_it(self, team):
        made = card(team)
        due = AT + timedelta(days=1)
        missed = write(team, made, scheduled_at=due)
        planned = write(team, made, at=AT + timedelta(hours=1), scheduled_at=AT + timedelta(days=9))
        assert stored(team, made).next_contact_at == due
        later = AT + timedelta(days=2)
        write(team, made, at=later)
        assert stored(team, made).next_contact_at == planned.scheduled_at
        with tenant_scope(team.tenant.pk):
            missed.refresh_from_db()
            planned.refresh_from_db()
        assert (missed.done_at, planned.done_at) == (later, None)

    def test_leaves_no_next_contact_when_all_is_settled(self, team):
        made = card(team)
        write(team, made, scheduled_at=AT + timedelta(days=1))
        write(team, made, at=AT + timedelta(days=2))
        assert stored(team, made).next_contact_at is None


@pytest.mark.django_db(transaction=True)
class TestTwentyAtOnce:
    def test_lose_no_note(self, team):
        made = card(team, owner=team.alice)

        def one(number: int) -> int:
            try:
                person = type(team.alice)(team.alice.user)
                return person.post(f"/prospects/{made.pk}/notes", {"note": f"{number}"}).status_code
            finally:
                connection.close()

        with ThreadPoolExecutor(5) as pool:
            assert set(pool.map(one, range(20))) == {200}
        with tenant_scope(team.tenant.pk):
            assert FollowUpNote.objects.filter(prospect=made).count() == 20
        assert stored(team, made).last_contact_at <= timezone.now()
