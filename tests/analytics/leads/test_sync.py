from __future__ import annotations

import pytest
from django.db import connection
from django.utils import timezone

from analytics.leads.recount import find_wrong_leads
from analytics.leads.services import sync_leads
from analytics.models import Lead, Removal, SyncLog
from clients.models import Company, Shipment
from prospects.models import FollowUpCategory, Prospect
from prospects.pipeline.services import edit_prospect
from tests.analytics.operations_of import company, days_ago, recharge, shipment, tier
from tests.prospects.cards_of import card, category

pytestmark = pytest.mark.usefixtures("in_tenant")


def sql(statement, *params):
    """What somebody does past the product."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def leads():
    return set(Lead.objects.values_list("record_type", "record_id", "prospect_id"))


class TestFirstSync:
    def test_makes_a_lead_of_every_card_that_qualifies(self, team, synced):
        plain, client = card(team), company(team)
        card(team, company_name="Partner", type=3)
        card(team, company_name="Out", category_name="disqualified")
        gone = card(team, company_name="Gone")
        Prospect.objects.filter(pk=gone.pk).update(deleted_at=timezone.now())
        log = synced()
        assert leads() == {(1, plain.pk, plain.pk), (2, client.pk, client.prospect_id)}
        assert (log.status, log.is_full, log.dirty_count) == ("finished", True, 2)
        assert (log.written_count, log.deleted_count) == (2, 0)

    def test_of_a_tenant_without_cards_finishes(self, synced):
        assert synced().status == "finished"
        assert synced().dirty_count == 0

    def test_sees_the_own_tenant_only(self, team, rivals, synced):
        card(rivals, company_name="Theirs")
        mine = card(team)
        synced()
        assert leads() == {(1, mine.pk, mine.pk)}
        assert set(Lead.objects.values_list("tenant_id", flat=True)) == {team.tenant.pk}

    def test_goes_through_cards_in_chunks(self, team, synced, settings):
        settings.CRM_ANALYTICS_FULL_CHUNK = 2
        for number in range(5):
            card(team, company_name=f"C{number}")
        seen = []
        assert synced(on_progress=seen.append).dirty_count == 5
        assert seen[-1] == 5
        assert len(seen) > 2


class TestColumn:
    def test_follows_from_the_card_and_its_company(self, team, synced):
        client = company(team, owner=team.alice, locale_id=1, account_value="12.50")
        shipment(client, days_ago(3))
        first = shipment(client, days_ago(9))
        recharge(client)
        tier(client, 2)
        synced()
        lead = Lead.objects.get()
        assert (lead.owner_id, lead.locale_id, str(lead.account_value)) == (
            team.alice.id,
            1,
            "12.50",
        )
        assert (lead.first_shipment_at, lead.has_recharge, lead.tier) == (
            first.shipped_at,
            True,
            2,
        )

    def test_of_the_table_is_known_to_the_second_opinion(self, team, synced):
        """A new column is added to the model alone; this fails until it is worked out twice."""
        card(team)
        synced()


@pytest.mark.usefixtures("no_round")
class TestChange:
    """Each is found by the watermark alone: there is no rolling round."""

    @pytest.fixture(autouse=True)
    def rows(self, in_tenant, no_round, team, synced):
        self.card, self.client = card(team), company(team)
        self.shipment = shipment(self.client)
        self.recharge, self.tier = recharge(self.client), tier(self.client, 3)
        synced()

    def test_by_the_product(self, team, synced):
        changes = {"owner_id": team.bob.id, "category_id": category(team, "contacted").pk}
        edit_prospect(prospect_id=self.card.pk, changes=changes, at=timezone.now())
        log = synced()
        assert (log.is_full, log.dirty_count, log.written_count) == (False, 1, 1)

    def test_by_a_bulk_update(self, synced):
        Prospect.objects.update(monthly_shipments=7)
        assert synced().written_count == 2

    def test_by_raw_sql(self, synced):
        sql("UPDATE prospects_prospect SET updated_at = '2001-01-01', account_value = 5")
        assert synced().written_count == 2

    def test_by_rows_that_say_they_are_old(self, team, synced):
        sql(
            "INSERT INTO prospects_prospect (tenant_id, category_id, category_changed_at, "
            "created_at, updated_at, type, company_name, name, email, phone_code, phone, "
            "external_id, channel, account_type, annotations, search_text) "
            "SELECT tenant_id, category_id, now(), now(), '2001-01-01', 1, 'Raw', '', '', '', '', "
            "'', '', '', '', '' FROM prospects_prospect WHERE id = %s",
            self.card.pk,
        )
        assert synced().written_count == 1

    def test_of_nothing_that_counts_writes_nothing(self, synced):
        Prospect.objects.update(annotations="Called again.")
        log = synced()
        assert (log.dirty_count, log.written_count) == (2, 0)

    def test_into_a_disqualified_category_removes_the_lead(self, team, synced):
        Prospect.objects.filter(pk=self.card.pk).update(category=category(team, "disqualified"))
        log = synced()
        assert (log.deleted_count, Lead.objects.count()) == (1, 1)

    def test_of_the_type_to_partner_and_back(self, synced):
        Prospect.objects.filter(pk=self.card.pk).update(type=3)
        assert synced().deleted_count == 1
        Prospect.objects.filter(pk=self.card.pk).update(type=1)
        assert synced().written_count == 1

    def test_from_prospect_to_company_replaces_the_row_in_one_run(self, synced):
        made = Company.objects.create(prospect=self.card)
        log = synced()
        assert (log.written_count, log.deleted_count) == (1, 1)
        assert (2, made.pk, self.card.pk) in leads()

    def test_of_a_companys_card(self, team, synced):
        other = card(team, company_name="Other")
        Company.objects.filter(pk=self.client.pk).update(prospect=other)
        synced()
        assert (2, self.client.pk, other.pk) in leads()

    def test_of_two_companies_that_change_places(self, team, synced):
        other, spare = company(team), card(team, company_name="Spare")
        synced()
        mine, theirs = self.client.prospect_id, other.prospect_id
        for pk, to in ((other.pk, spare.pk), (self.client.pk, theirs), (other.pk, mine)):
            Company.objects.filter(pk=pk).update(prospect=to)
        synced()
        assert {(2, self.client.pk, theirs), (2, other.pk, mine)} <= leads()

    def test_of_the_kind_of_a_category(self, team, synced):
        FollowUpCategory.objects.filter(name="new_lead").update(kind="disqualified")
        assert synced().deleted_count == 2
        FollowUpCategory.objects.filter(name="new_lead").update(kind="open")
        assert synced().written_count == 2

    def test_of_a_categorys_colour_dirties_nothing(self, synced):
        FollowUpCategory.objects.update(color="red")
        assert synced().dirty_count == 0

    @pytest.mark.parametrize("what", ["shipment", "recharge", "tier"])
    def test_by_deleting_a(self, what, synced):
        getattr(self, what).delete()
        assert synced().written_count == 1

    def test_by_deleting_rows_past_the_product(self, synced):
        sql("DELETE FROM clients_shipment")
        assert synced().written_count == 1

    def test_by_moving_a_shipment_to_another_company(self, team, synced):
        other = company(team)
        synced()
        Shipment.objects.update(company=other)
        assert synced().written_count == 2

    def test_by_deleting_and_restoring_a_card(self, synced):
        Prospect.objects.filter(pk=self.card.pk).update(deleted_at=timezone.now())
        assert synced().deleted_count == 1
        Prospect.all_objects.filter(pk=self.card.pk).update(deleted_at=None)
        assert synced().written_count == 1

    def test_by_deleting_rows_for_good(self, synced):
        sql("DELETE FROM prospects_contact")
        sql("DELETE FROM prospects_prospect WHERE id = %s", self.card.pk)
        assert synced().deleted_count == 1
        for table in ("shipment", "accountpayment", "monthlytier"):
            sql(f"DELETE FROM clients_{table}")
        sql("DELETE FROM clients_company")
        synced()
        assert leads() == {(1, self.client.prospect_id, self.client.prospect_id)}

    def test_is_forgotten_once_it_is_seen(self, synced):
        self.test_by_deleting_rows_for_good(synced)
        synced()
        synced()
        assert not Removal.objects.exists()


class TestRound:
    @pytest.fixture
    def cards(self, team):
        return [card(team, company_name=f"C{number}") for number in range(7)]

    @pytest.fixture(autouse=True)
    def pieces(self, settings):
        settings.CRM_ANALYTICS_ROLLING = 3
        settings.CRM_ANALYTICS_CHUNK = 2
        settings.CRM_ANALYTICS_OVERLAP_SECONDS = 0

    def test_visits_every_lead_in_so_many_quiet_runs(self, cards, synced):
        synced()
        Lead.objects.update(tier=5)  # wrong, and no source row tells of it
        runs = [sync_leads() for _ in range(3)]
        assert [run.rolling_count for run in runs] == [3, 3, 3]
        assert [run.dirty_count for run in runs] == [0, 0, 0]
        assert list(find_wrong_leads()) == []

    def test_begins_anew_wherever_it_ended(self, cards, synced):
        synced()
        for _ in range(5):
            Lead.objects.update(tier=5)
            for _ in range(3):
                sync_leads()
            assert list(find_wrong_leads()) == []

    def test_finds_leads_that_are_missing_and_leads_too_many(self, cards, synced):
        synced()
        Lead.objects.filter(prospect_id__in=[cards[0].pk, cards[3].pk, cards[6].pk]).delete()
        stray = Lead.objects.first()
        for prospect_id in (stray.prospect_id, 1, 10**9):
            stray.pk, stray.prospect_id, stray.record_id = None, prospect_id, 10**6 + prospect_id
            stray.save(force_insert=True)
        for _ in range(3):
            sync_leads()
        assert list(find_wrong_leads()) == []

    def test_of_fewer_leads_than_a_piece_is_whole(self, team, settings, synced):
        settings.CRM_ANALYTICS_ROLLING = 100
        one = card(team)
        synced()
        for _ in range(3):
            Lead.objects.update(tier=5)
            assert synced().rolling_count == 1
        assert leads() == {(1, one.pk, one.pk)}

    def test_may_be_switched_off(self, cards, settings, synced):
        settings.CRM_ANALYTICS_ROLLING = 0
        synced()
        assert synced().rolling_count == 0


class TestLog:
    def test_keeps_what_a_run_did(self, team, synced):
        card(team)
        synced()
        card(team, company_name="New")
        log = synced()
        assert SyncLog.objects.latest_finished() == log
        assert (log.written_count, log.deleted_count, log.error) == (1, 0, "")
        assert log.duration_ms >= 0
        assert log.watermark < log.started_at <= log.finished_at
