"""The lead score, and when it is refreshed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from core.tenancy import tenant_scope
from prospects.followups.services import add_note
from prospects.models import Contact, FollowUpNote
from sales.contacts.querysets import with_news
from sales.contacts.scoring import DEALS, INTERACTIONS, PROFILE, RECENCY, STAGES, score_sql
from sales.contacts.tasks import refresh_all, refresh_recent
from tests.prospects.cards_of import card
from tests.sales.contacts.contacts_of import CONTACTS, company, contact, ids, stored
from tests.sales.deals.deals_of import DEALS as DEALS_PATH
from tests.sales.deals.deals_of import deal, move, stage

FULL = {
    "last_name": "Garcia",
    "emails": ["maria@x.mx"],
    "phones": ["+525512345678"],
    "job_title": "CTO",
    "city": "Monterrey",
}


def noted(team, pk, *days_ago):
    with tenant_scope(team.tenant.pk):
        FollowUpNote.objects.bulk_create(
            FollowUpNote(contact_id=pk, note="x", created_at=timezone.now() - timedelta(days=days))
            for days in days_ago
        )


class TestRule:
    def test_adds_up_to_a_hundred(self):
        tables = (RECENCY, INTERACTIONS, STAGES, DEALS)
        assert sum(PROFILE.values()) + sum(max(table.values()) for table in tables) == 100
        assert score_sql().count("CASE") == len(PROFILE) + len(tables)

    @pytest.mark.parametrize(
        ("fields", "score"),
        [
            ({}, 2 + 4),
            ({"lifecycle_stage": "lost"}, 2),
            ({"lifecycle_stage": "customer"}, 2 + 15),
            (FULL, 22 + 4),
        ],
    )
    def test_counts_profile_and_stage(self, team, fields, score):
        assert contact(team.alice, **fields)["lead_score"] == score

    def test_counts_the_company(self, team):
        office = company(team, owner=team.alice)
        assert contact(team.alice, **FULL, company_id=office.pk)["lead_score"] == 25 + 4

    @pytest.mark.parametrize(
        ("days_ago", "points"),
        [
            ([1], 25 + 4),
            ([29, 200], 15 + 7),
            ([80] * 5, 8 + 11),
            ([100], 4),
            ([400] * 10, 15),
            ([0] * 12, 25 + 15),
        ],
    )
    def test_counts_when_and_how_often_somebody_was_in_touch(self, team, days_ago, points):
        made = contact(team.alice)
        noted(team, made["id"], *days_ago)
        refresh_all()
        assert stored(team, made["id"]).lead_score == made["lead_score"] + points

    @pytest.mark.parametrize(
        ("amounts", "points"),
        [
            ([(0, "MXN")], 5),
            ([(999, "USD")], 5),
            ([(600, "USD"), (400, "USD")], 10),
            ([(10_000, "USD")], 15),
            ([(50_000, "USD")], 20),
            ([(50_000, "MXN")], 10),
            ([(10**9, "XPF")], 5),  # no locale has this currency
        ],
    )
    def test_counts_what_the_deals_are_worth(self, team, amounts, points):
        made = contact(team.alice)
        for amount, currency in amounts:
            fields = {"amount": amount, "currency": currency, "contact_ids": [made["id"]]}
            sold = deal(team, team.alice, **fields)
        assert stored(team, made["id"]).lead_score == made["lead_score"] + points
        if len(amounts) == 1:
            move(team.alice, sold["id"], stage(team, "Perdido").pk)
            assert stored(team, made["id"]).lead_score == made["lead_score"]

    def test_forgets_a_deal_that_one_has_nothing_to_do_with_any_more(self, team):
        made = contact(team.alice)
        sold = deal(team, team.alice, contact_ids=[made["id"]])
        team.alice.put(f"{DEALS_PATH}/{sold['id']}", {"contact_ids": []})
        assert stored(team, made["id"]).lead_score == made["lead_score"]


class TestRefresh:
    def test_follows_a_change_at_once(self, team):
        pk = contact(team.alice)["id"]
        data = team.alice.put(f"{CONTACTS}/{pk}", {"lifecycle_stage": "customer"}).json()["data"]
        assert data["lead_score"] == 17
        team.alice.post(f"{CONTACTS}/{pk}/notes", {"body": "Called"})
        assert stored(team, pk).lead_score == 17 + 29

    def test_finds_who_has_news(self, team):
        lead = card(team, owner=team.alice, name="Ana Torres", email="ana@x.mx")
        (pk,) = ids(team.alice.get(CONTACTS))
        refresh_recent()
        assert stored(team, pk).lead_score == 4 + 6 + 4
        with tenant_scope(team.tenant.pk):
            since = timezone.now()
            assert list(with_news(since)) == []
            add_note(prospect_id=lead.pk, note="x", by=team.alice.user, at=timezone.now())
            assert list(with_news(since)) == [[pk]]
        refresh_recent()
        assert stored(team, pk).lead_score == 4 + 6 + 4 + 29

    def test_dates_the_last_activity(self, team):
        card(team, owner=team.alice, name="Ana Torres")
        (pk,) = ids(team.alice.get(CONTACTS))
        refresh_recent()
        assert stored(team, pk).last_activity_at is None
        noted(team, pk, 200, 3, 9)
        refresh_all()
        days = (timezone.now() - stored(team, pk).last_activity_at).days
        assert days == 3

    def test_writes_only_what_changes(self, team, rivals):
        contact(team.alice)
        contact(rivals.alice)
        before = stored(team, contact(team.alice)["id"]).updated_at
        assert refresh_all() == refresh_recent() == 0
        with tenant_scope(team.tenant.pk):
            assert Contact.objects.order_by("-pk").first().updated_at == before

    def test_goes_through_everybody_in_chunks(self, team, monkeypatch):
        made = [contact(team.alice)["id"] for _ in range(5)]
        monkeypatch.setattr("sales.contacts.querysets.CHUNK", 2)
        for pk in made:
            noted(team, pk, 1)
        assert refresh_all() == 5

    def test_leaves_the_history_alone(self, team):
        pk = contact(team.alice)["id"]
        noted(team, pk, 1)
        refresh_all()
        with tenant_scope(team.tenant.pk):
            events = Contact._meta.apps.get_model("prospects", "ContactEvent")
            assert not events.objects.filter(pgh_obj_id=pk).exists()
