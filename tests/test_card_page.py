"""A card's page: what happened with it and what is under way, and the note written beside it."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from core.tenancy import tenant_scope
from prospects.models import Contact, FollowUpNote, Prospect
from prospects.sharing.services import share_prospect
from tests.people import Person, Team
from tests.prospects.cards_of import card, category
from tests.sales.activities.activities_of import CONTACT, about, activity
from tests.sales.deals.deals_of import deal
from tests.sales.documents.documents_of import approved_quote, contract, pay, sent_invoice
from tests.staff import make_operator, signed_in

CALL = {"action": "call", "note": "Wants an offer", "scheduled_at": "", "category": ""}


def of_card(pk: int, name: str = "timeline") -> str:
    return reverse(f"admin:card_{name.replace('-', '_')}", args=(pk,))


def lines(person: Person, pk: int, **query: Any) -> list[Any]:
    answer = signed_in(person.user).get(of_card(pk), query)
    assert answer.status_code == 200
    return list(answer.context["page"].lines)


def kinds(person: Person, pk: int) -> list[str]:
    """What the lines lead to, newest first."""
    return [line.link.split("/")[-4] for line in lines(person, pk)]


def person_of(card: Prospect) -> int:
    with tenant_scope(card.tenant_id):
        return Contact.objects.get(prospect=card, is_primary=True).pk


@pytest.fixture
def acme(team: Team) -> Prospect:
    return card(team, owner=team.alice, company_name="Acme", name="Maria", email="m@acme.test")


def live_through_everything(team: Team, acme: Prospect) -> None:
    """One of everything that is told."""
    who = {"contact_id": person_of(acme)}
    signed_in(team.alice.user).post(of_card(acme.pk), CALL)
    moving = reverse("admin:prospects_prospect_move_card", args=(acme.pk,))
    signed_in(team.alice.user).post(moving, {"category": category(team, "qualified").pk})
    deal(team, team.alice, name="Big deal", contact_ids=[who["contact_id"]])
    done = activity(team.alice, subject="Visit", **about(CONTACT, who["contact_id"]))
    team.alice.post(f"/api/v1/activities/{done['id']}/complete")
    approved_quote(team.alice, **who)
    contract(team.mona, **who)
    pay(team.mona, sent_invoice(team.mona, **who)["id"], 100)


class TestTimeline:
    def test_tells_of_everything_newest_first(self, team: Team, acme: Prospect) -> None:
        live_through_everything(team, acme)
        found = lines(team.alice, acme.pk)
        assert [line.at for line in found] == sorted((each.at for each in found), reverse=True)
        told = {line.link.split("/")[-4] for line in found}
        assert told == {
            *("followupnote", "prospect", "deal", "activity", "quote", "contract", "invoice"),
            "payment",
        }
        assert any(line.title == "new_lead → qualified" for line in found)
        assert any(line.title == "COT-000001 · Aprobada" and line.amount for line in found)

    def test_costs_the_same_however_much_happened(
        self, team: Team, acme: Prospect, django_assert_max_num_queries: Any
    ) -> None:
        live_through_everything(team, acme)
        client = signed_in(team.alice.user)
        with django_assert_max_num_queries(12):
            client.get(of_card(acme.pk))

    def test_goes_on_where_it_ended(self, team: Team, acme: Prospect) -> None:
        with tenant_scope(team.tenant.pk):
            now = timezone.now()
            notes = [
                FollowUpNote(prospect=acme, note=str(number), action="call", created_at=now)
                for number in range(70)
            ]
            FollowUpNote.objects.bulk_create(notes)
        client, more, seen = signed_in(team.alice.user), None, []
        while more != "":
            query = {} if more is None else {"after": more}
            page = client.get(of_card(acme.pk), query).context["page"]
            seen += [line.link for line in page.lines]
            more = page.more
        assert len(seen) == len(set(seen)) == 70

    @pytest.mark.parametrize(
        "after", ["x", "2026-01-01|note|1|", "2026-01-01T00:00Z|n|9e9|", "|||"]
    )
    def test_begins_anew_where_it_cannot_read(self, team: Team, acme: Prospect, after: str) -> None:
        signed_in(team.alice.user).post(of_card(acme.pk), CALL)
        assert len(lines(team.alice, acme.pk, after=after)) == 1

    def test_is_of_its_card_alone(self, team: Team, acme: Prospect) -> None:
        other = card(team, owner=team.alice, company_name="Other")
        signed_in(team.alice.user).post(of_card(other.pk), CALL)
        contract(team.mona)
        assert lines(team.alice, acme.pk) == []

    def test_shows_what_was_typed_as_text(self, team: Team, acme: Prospect) -> None:
        typed = {**CALL, "note": "<script>alert(1)</script>"}
        answer = signed_in(team.alice.user).post(of_card(acme.pk), typed)
        assert b"<script>alert(1)" not in answer.content
        assert b"&lt;script&gt;alert(1)" in answer.content

    @pytest.mark.parametrize("name", ["timeline", "under-way"])
    def test_is_of_nobody_else(self, team: Team, rivals: Team, acme: Prospect, name: str) -> None:
        for person in (team.bob, rivals.ada, rivals.alice):
            assert signed_in(person.user).get(of_card(acme.pk, name)).status_code == 404
        assert signed_in(team.mona.user).get(of_card(acme.pk, name)).status_code == 200
        assert signed_in(make_operator()).get(of_card(acme.pk, name)).status_code == 200


class TestFacts:
    def test_stand_above_a_card_and_nothing_else(self, team: Team, acme: Prospect) -> None:
        client = signed_in(team.mona.user)
        shown = client.get(reverse("admin:prospects_prospect_change", args=(acme.pk,)))
        assert "card-facts" in shown.text
        offer = approved_quote(team.mona, contact_id=person_of(acme))
        other = client.get(reverse("admin:sales_quote_change", args=(offer["id"],)))
        assert other.status_code == 200
        assert "card-facts" not in other.text


class TestNoteBesideIt:
    def test_is_written_and_told_at_once(self, team: Team, acme: Prospect) -> None:
        typed = {**CALL, "scheduled_at": "2026-12-01T10:30"}
        answer = signed_in(team.alice.user).post(of_card(acme.pk), typed)
        assert answer.context["is_written"]
        assert [line.detail for line in answer.context["page"].lines] == ["Wants an offer"]
        with tenant_scope(team.tenant.pk):
            planned = FollowUpNote.objects.get().scheduled_at
        assert planned.astimezone(ZoneInfo("America/Mexico_City")).hour == 10

    def test_stays_in_the_form_when_it_cannot_be(self, team: Team, acme: Prospect) -> None:
        typed = {**CALL, "action": "telepathy", "note": "Keep me"}
        answer = signed_in(team.alice.user).post(of_card(acme.pk), typed)
        assert not answer.context["is_written"]
        assert "Keep me" in answer.text
        assert lines(team.alice, acme.pk) == []

    def test_is_not_for_who_only_looks(self, team: Team, acme: Prospect) -> None:
        with tenant_scope(team.tenant.pk):
            share_prospect(
                prospect_id=acme.pk, user_id=team.bob.id, level="view", by=team.alice.user
            )
        for person in (team.victor, team.bob):
            answer = signed_in(person.user).post(of_card(acme.pk), CALL)
            assert answer.context["form"] is None
            assert lines(person, acme.pk) == []


class TestUnderWay:
    def test_shows_deals_documents_and_what_is_to_be_done(self, team: Team, acme: Prospect) -> None:
        live_through_everything(team, acme)
        activity(team.alice, subject="Call back", **about(CONTACT, person_of(acme)))
        answer = signed_in(team.alice.user).get(of_card(acme.pk, "under-way"))
        shown = {line.title for panel in answer.context["panels"] for line in panel.lines}
        numbers = {"COT-000001", "CTR-000001", "FAC-000001"}
        assert shown == {"Call back", "Big deal", *numbers}

    def test_offers_to_compare_possible_duplicates(self, team: Team, acme: Prospect) -> None:
        twin = card(team, owner=team.alice, company_name="ACME twin", email="x@acme.test")
        first = signed_in(team.alice.user).get(of_card(acme.pk, "under-way")).context["panels"][0]
        assert [line.title for line in first.lines] == ["ACME twin"]
        assert first.lines[0].action.endswith(f"/{acme.pk}/merge/?with={twin.pk}")
        assert signed_in(team.alice.user).get(first.lines[0].action).status_code == 200

    def test_costs_at_most_twelve_statements(
        self, team: Team, acme: Prospect, django_assert_max_num_queries: Any
    ) -> None:
        live_through_everything(team, acme)
        client = signed_in(team.alice.user)
        with django_assert_max_num_queries(12):
            client.get(of_card(acme.pk, "under-way"))
