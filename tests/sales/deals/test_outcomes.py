"""What follows from a deal's being won, lost or given to somebody."""

from __future__ import annotations

from accounts.models import Notification
from core.tenancy import tenant_scope
from prospects.models import Contact, Prospect
from sales.deals.checks import outcomes_of_deals, stays_of_deals
from sales.models import Deal
from tests.accounts.webhooks.test_emitting import told as events_told
from tests.accounts.webhooks.test_emitting import wants
from tests.prospects.cards_of import card
from tests.sales.contacts.contacts_of import contact
from tests.sales.deals.deals_of import DEALS, deal, move, stage


def told(team, kind):
    """Who was told of this kind of event, as user ids."""
    with tenant_scope(team.tenant.pk):
        found = Notification.objects.filter(type=kind).order_by("user_id")
        return list(found.values_list("user_id", flat=True))


def stage_of(team, contact_id):
    with tenant_scope(team.tenant.pk):
        return Contact.objects.get(pk=contact_id).lifecycle_stage


class TestWinning:
    def test_makes_customers_of_its_people(self, team):
        lead, fan = contact(team.alice), contact(team.alice, lifecycle_stage="evangelist")
        other = contact(team.alice)
        made = deal(team, team.alice, contact_ids=[lead["id"], fan["id"]])
        move(team.alice, made["id"], stage(team, "Ganado").pk)
        assert stage_of(team, lead["id"]) == "customer"
        assert stage_of(team, fan["id"]) == "evangelist"
        assert stage_of(team, other["id"]) == "lead"

    def test_makes_clients_of_their_cards(self, team):
        lead = card(team, owner=team.alice, name="Lead", email="lead@x.mx")
        partner = card(team, owner=team.alice, name="Partner", email="p@x.mx", type=3)
        with tenant_scope(team.tenant.pk):
            people = [each.contacts.get().pk for each in (lead, partner)]
        made = deal(team, team.alice, contact_ids=people)
        move(team.alice, made["id"], stage(team, "Ganado").pk)
        with tenant_scope(team.tenant.pk):
            types = [Prospect.objects.get(pk=each.pk).type for each in (lead, partner)]
        assert types == [2, 3]

    def test_tells_the_owner_and_the_managers_once(self, team):
        made, won = deal(team, team.alice), stage(team, "Ganado").pk
        for _ in range(2):
            move(team.alice, made["id"], won)
        assert told(team, "deal_won") == sorted([team.alice.id, team.mona.id])

    def test_of_a_new_deal_follows_too(self, team):
        lead = contact(team.alice)
        deal(team, team.alice, stage_name="Ganado", contact_ids=[lead["id"]])
        assert stage_of(team, lead["id"]) == "customer"
        assert told(team, "deal_won") == sorted([team.alice.id, team.mona.id])

    def test_again_keeps_the_time_of_the_first(self, team):
        made, won = deal(team, team.alice), stage(team, "Ganado")
        first = move(team.alice, made["id"], won.pk).json()["data"]["closed_at"]
        stages = f"/api/v1/pipelines/{won.pipeline_id}/stages"
        more = team.ada.post(stages, {"name": "Cobrado", "type": "won"}).json()["data"]
        moved = move(team.alice, made["id"], more["id"]).json()["data"]
        assert (moved["status"], moved["closed_at"]) == ("won", first)
        assert len(told(team, "deal_won")) == 2


class TestLosing:
    def test_keeps_the_reason_and_tells_the_owner(self, team):
        made = deal(team, team.mona, owner_id=team.alice.id)
        lost = stage(team, "Perdido").pk
        moved = move(team.mona, made["id"], lost, lost_reason=" Precio ").json()["data"]
        assert (moved["status"], moved["probability"]) == ("lost", 0)
        assert moved["lost_reason"] == "Precio"
        assert told(team, "deal_lost") == [team.alice.id]

    def test_has_a_reason_of_bearable_length(self, team):
        made = deal(team, team.alice)
        answer = move(team.alice, made["id"], stage(team, "Perdido").pk, lost_reason="x" * 501)
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["lost_reason"])


class TestAssigning:
    def test_tells_who_owns_it_now(self, team):
        deal(team, team.alice)
        assert told(team, "deal_assigned") == []
        made = deal(team, team.mona, owner_id=team.alice.id)
        team.mona.put(f"{DEALS}/{made['id']}", {"owner_id": team.bob.id})
        team.mona.put(f"{DEALS}/{made['id']}", {"owner_id": team.bob.id, "name": "same"})
        assert told(team, "deal_assigned") == sorted([team.alice.id, team.bob.id])


class TestTelling:
    def test_says_what_happens_to_deals(self, team):
        wants(team, "deal.created", "deal.updated", "deal.won", "deal.lost", "contact.updated")
        maria = contact(team.alice)
        made = deal(team, team.alice, amount="10.50", contact_ids=[maria["id"]])
        move(team.alice, made["id"], stage(team, "Ganado").pk)
        move(team.alice, made["id"], stage(team, "Perdido").pk)
        said = [(event, data) for event, data in events_told(team)]
        # `deal.updated` is not told beside `deal.created`: a test is one transaction.
        events = sorted(event for event, _ in said)
        assert events == ["contact.updated", "deal.created", "deal.lost", "deal.won"]
        (won,) = [data for event, data in said if event == "deal.won"]
        assert (won["id"], won["status"], won["amount"]) == (made["id"], "won", 10.5)
        assert won["contact_ids"] == [maria["id"]]

    def test_says_nothing_of_what_was_refused(self, team):
        wants(team, "deal.created")
        where = stage(team)
        body = {"name": "x", "pipeline_id": where.pipeline_id, "stage_id": where.pk}
        assert team.alice.post(DEALS, {**body, "contact_ids": [999]}).status_code == 422
        assert events_told(team) == []


class TestChecks:
    def test_find_deals_whose_stage_says_something_else(self, team):
        fine, wrong = deal(team, team.alice), deal(team, team.alice)
        move(team.alice, fine["id"], stage(team, "Ganado").pk)
        with tenant_scope(team.tenant.pk):
            assert [*outcomes_of_deals(), *stays_of_deals()] == []
            Deal.objects.filter(pk=wrong["id"]).update(stage=stage(team, "Perdido"))
            assert len([*outcomes_of_deals(), *stays_of_deals()]) == 2
